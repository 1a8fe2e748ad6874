package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// maxFile bounds what is taken from a server for one file; Fashion-MNIST's
// largest has 26 MB.
const maxFile = 1 << 26

var (
	errSilent = errors.New("the server sends nothing")
	errRange  = errors.New("the server has no more bytes than are here already")
)

// get fetches a file whose first bytes are at hand already, by a range request
// (RFC 9110, section 14) where there are any. A server may answer with the
// whole file all the same. Beside an error, get returns what there is by then.
func (d Download) get(ctx context.Context, address, name string, have []byte) (content []byte, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := d.Silence
	if silence == 0 {
		silence = 30 * time.Second
	}
	watchdog := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer watchdog.Stop()
	defer func() {
		if err != nil && context.Cause(ctx) == errSilent {
			err = fmt.Errorf("%s: %w for %v", address, errSilent, silence)
		}
	}()

	answer, err := d.ask(ctx, address, len(have))
	if err != nil {
		return have, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusPartialContent: // the checksum tells whether it is the right part
	case http.StatusOK:
		have = nil
	case http.StatusRequestedRangeNotSatisfiable:
		return have, fmt.Errorf("%s: %w", address, errRange)
	default:
		return have, fmt.Errorf("%s: %s", address, answer.Status)
	}
	return d.read(answer, address, name, have, func() { watchdog.Reset(silence) })
}

// ask requests what follows the first bytes of a file.
func (d Download) ask(ctx context.Context, address string, first int) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "identity") // the file is compressed; its checksum is of that
	if first > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", first))
	}
	client := d.Client
	if client == nil {
		client = http.DefaultClient
	}
	return client.Do(request)
}

// read appends an answer's body to content and calls alive for every piece.
func (d Download) read(answer *http.Response, address, name string, content []byte, alive func()) ([]byte, error) {
	total := int64(-1)
	if answer.ContentLength >= 0 {
		total = int64(len(content)) + answer.ContentLength
		content = slices.Grow(content, int(min(answer.ContentLength, maxFile)))
	}
	piece := make([]byte, 1<<16)
	for {
		n, err := answer.Body.Read(piece)
		alive()
		content = append(content, piece[:n]...)
		if d.Progress != nil && n > 0 {
			d.Progress(name, int64(len(content)), total)
		}
		switch {
		case err == io.EOF:
			return content, nil
		case err != nil:
			return content, fmt.Errorf("%s: after %d bytes: %w", address, len(content), err)
		case len(content) > maxFile:
			return nil, fmt.Errorf("%s: more than %d bytes", address, maxFile)
		}
	}
}
