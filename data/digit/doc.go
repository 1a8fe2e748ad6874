// Package digit turns a photo, scan or drawing of a digit, or of several side by
// side, into the 784 numbers that a network trained on MNIST expects.
//
//	drawing, err := digit.Read(ctx, file, "seven.jpg", imagefile.Limits{})
//	answer, err := train.Predict(net, drawing.Pixels)
//
// MNIST's own images were made so (LeCun, Cortes and Burges, "The MNIST
// database"): the digit's bounding box was scaled to fit 20x20 pixels, its aspect
// ratio kept, grey where a pixel is half covered, and moved until the centre of
// mass lay in the middle of 28x28. Here this comes after what a photo needs:
//
//	shrink   any image to at most 512 pixels a side, over a backdrop where it is transparent
//	sheet    where the paper lies, if a desk is about it
//	paper    fit a smooth background to it, so that shadows and vignettes go away
//	ink      what differs from the paper, dark or light, of any colour: 0 to 1
//	rules    take the paper's squares or lines away
//	spots    leave out specks, and the table beside the paper
//	groups   what stands side by side
//	thicken  a pen's thin line to the stroke that MNIST's digits have
//	place    the bounding box into 20x20, the centre of mass into the middle
//
// A blank image is [ErrBlank].
package digit
