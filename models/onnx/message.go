package onnx

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// message is an encoded protobuf message, to which fields are appended.
type message []byte

func (m message) integer(field protowire.Number, v int) message {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), uint64(v))
}

func (m message) float(field protowire.Number, v float64) message {
	return protowire.AppendFixed32(protowire.AppendTag(m, field, protowire.Fixed32Type), math.Float32bits(float32(v)))
}

func (m message) text(field protowire.Number, s string) message {
	return protowire.AppendString(protowire.AppendTag(m, field, protowire.BytesType), s)
}

func (m message) message(field protowire.Number, sub message) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), sub)
}

// attribute is an AttributeProto: a number, or a list of integers.
func attribute(name string, value any) message {
	m := message(nil).text(1, name)
	switch v := value.(type) {
	case float64:
		return m.float(2, v).integer(20, 1) // FLOAT
	case int:
		return m.integer(3, v).integer(20, 2) // INT
	case []int:
		for _, i := range v {
			m = m.integer(8, i)
		}
		return m.integer(20, 7) // INTS
	}
	return m
}

// float32s is a TensorProto.
func float32s(name string, shape []int, values []float64) message {
	var m message
	for _, d := range shape {
		m = m.integer(1, d)
	}
	raw := make(message, 0, 4*len(values))
	for _, v := range values {
		raw = protowire.AppendFixed32(raw, math.Float32bits(float32(v)))
	}
	return m.integer(2, elemFloat).text(8, name).message(9, raw)
}

// batched is a ValueInfoProto: a float32 tensor whose first dimension is the
// batch, of any size.
func batched(name string, shape []int) message {
	dims := message(nil).message(1, message(nil).text(2, "batch"))
	for _, d := range shape {
		dims = dims.message(1, message(nil).integer(1, d))
	}
	tensor := message(nil).integer(1, elemFloat).message(2, dims)
	return message(nil).text(1, name).message(2, message(nil).message(1, tensor))
}

// elemFloat is TensorProto.FLOAT.
const elemFloat = 1
