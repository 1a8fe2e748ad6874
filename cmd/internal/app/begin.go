package app

import (
	"errors"
	"fmt"
	"io"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/outdir"
)

// begin gets a network ready, new or from the checkpoint of -resume, and the
// configuration to train it with. A checkpoint may be of any of the specs.
// Whatever is wrong with flags and checkpoint is found here, before anything is
// printed.
func (f *Flags) begin(fresh func() (*models.Network, error), specs []models.Spec) (*keeper, train.Config, error) {
	k := &keeper{}
	err := f.check()
	if err == nil {
		err = f.vacant()
	}
	if err == nil && f.Resume != "" {
		if !f.follows() {
			err = k.load(f.Resume)
		}
		if err == nil {
			k.net, k.meta, err = f.spread(k.net, k.meta)
		}
		if err == nil {
			err = f.takeOver(k.meta.Settings)
		}
		if err == nil {
			err = mustBe(k.net, f.Resume, specs)
		}
	}
	var cfg train.Config
	if err == nil {
		cfg, err = f.Config()
	}
	if err == nil && k.net == nil {
		k.net, err = fresh()
	}
	if err != nil {
		return nil, cfg, err
	}
	if f.Rate == 0 {
		f.Rate = Rate(k.net.Name, f.Optimizer)
	}
	cfg.Rate = f.Rate
	return k, cfg, f.occupy(k)
}

// occupy makes the directory of -out this run's own. One that another process
// filled in the meantime is not vacant any more.
func (f *Flags) occupy(k *keeper) (err error) {
	if f.Out == "" || f.follows() {
		return nil
	}
	disk := f.disk
	if disk == nil {
		disk = outdir.Disk()
	}
	if k.dir, err = outdir.Open(f.Out, disk); err != nil {
		return fmt.Errorf("-out %w", err)
	}
	if err = f.vacant(); err != nil {
		return errors.Join(err, k.close())
	}
	return nil
}

// goOn puts the trainer where the checkpoint of -resume stood, and brings what
// there is of the run into a directory of another name.
func (f *Flags) goOn(k *keeper, set *data.Set) (err error) {
	if f.Resume != "" || f.Out != "" {
		if k.meta.Data, err = sameData(f.Resume, k.meta.Data, set); err != nil {
			return err
		}
		k.meta.Settings = f.settings()
	}
	if f.Resume == "" {
		return nil
	}
	if err := k.trainer.Resume(k.meta.Progress); err != nil {
		return fmt.Errorf("%s: %w", f.Resume, err)
	}
	return k.save()
}

// stopped keeps what an interrupted training has reached.
func (f *Flags) stopped(k *keeper, stdout io.Writer) error {
	if err := k.save(); err != nil || f.Out == "" || f.follows() {
		return err
	}
	fmt.Fprintf(stdout, "go on with -resume %s -out %s\n", k.dir.Path(last), f.Out)
	return nil
}
