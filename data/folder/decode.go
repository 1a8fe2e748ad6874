package folder

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"symgrad/data/imagefile"
)

// mostAll bounds all pictures in memory.
const mostAll = 4 << 30

// decode reads all files, several at a time, into planes of bytes of one shape.
func decode(ctx context.Context, files []file, o Options) (pixels []byte, shape []int, err error) {
	j, err := newJob(ctx, files, o)
	if err != nil {
		return nil, nil, err
	}
	workers := o.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for ctx.Err() == nil && j.one(ctx) {
			}
		})
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if j.err != nil {
		return nil, nil, j.err
	}
	if j.colour {
		return j.pixels, []int{3, j.height, j.width}, nil
	}
	return j.firstPlanes(), []int{1, j.height, j.width}, nil
}

// job is the work that is left, and what it has come to.
type job struct {
	files         []file
	o             Options
	height, width int
	pixels        []byte

	mu     sync.Mutex
	next   int // file to decode
	done   int
	colour bool
	err    error // of the first file that has one
	wrong  int   // which file that is
}

// newJob makes room for files of the first one's size.
func newJob(ctx context.Context, files []file, o Options) (*job, error) {
	j := &job{files: files, o: o, height: o.Size, width: o.Size}
	if o.Size == 0 {
		img, err := imagefile.Open(ctx, files[0].path, imagefile.Limits{})
		if err != nil {
			return nil, err
		}
		j.height, j.width = img.Rect.Dy(), img.Rect.Dx()
	}
	if need := int64(len(files)) * 3 * int64(j.height) * int64(j.width); need > mostAll {
		return nil, fmt.Errorf("data: %d pictures of %d x %d pixels take %d MB, want at most %d: scale them with a smaller size", len(files), j.width, j.height, need>>20, mostAll>>20)
	}
	j.pixels = make([]byte, len(files)*3*j.height*j.width)
	return j, nil
}

// one decodes a file; false when there is nothing more to do. Files are taken in
// order, so that of several broken ones the first is named, however many
// workers there are.
func (j *job) one(ctx context.Context) bool {
	j.mu.Lock()
	i := j.next
	j.next++
	stop := i >= len(j.files) || j.err != nil
	j.mu.Unlock()
	if stop {
		return false
	}
	planes, err := j.planes(ctx, j.files[i].path)
	copy(j.pixels[i*3*j.height*j.width:], planes)
	colour := err == nil && !imagefile.Grey(planes)
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil {
		if j.err == nil || i < j.wrong {
			j.err, j.wrong = err, i
		}
		return false
	}
	j.colour = j.colour || colour
	j.done++
	if j.o.OnRead != nil && (j.done%256 == 0 || j.done == len(j.files)) {
		j.o.OnRead(j.done, len(j.files))
	}
	return true
}

func (j *job) planes(ctx context.Context, path string) ([]byte, error) {
	img, err := imagefile.Open(ctx, path, imagefile.Limits{})
	if err != nil {
		return nil, err
	}
	if j.o.Size == 0 && (img.Rect.Dy() != j.height || img.Rect.Dx() != j.width) {
		return nil, fail(path, "%d x %d pixels, but %s has %d x %d: choose a size to scale them to", img.Rect.Dx(), img.Rect.Dy(), j.files[0].path, j.width, j.height)
	}
	return imagefile.Planes(img, j.height, j.width), nil
}

// firstPlanes keeps a third of the pixels: of grey pictures all planes are one.
func (j *job) firstPlanes() []byte {
	area := j.height * j.width
	grey := make([]byte, 0, len(j.files)*area)
	for i := range j.files {
		grey = append(grey, j.pixels[3*i*area:][:area]...)
	}
	return grey
}
