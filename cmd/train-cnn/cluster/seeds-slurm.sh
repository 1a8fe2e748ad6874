#!/bin/bash
# Twenty independent trainings, a seed each, under Slurm: sbatch seeds-slurm.sh
#SBATCH --array=1-20
#SBATCH --cpus-per-task=2
exec ./train-cnn -seed "$SLURM_ARRAY_TASK_ID" -out "seed-$SLURM_ARRAY_TASK_ID"
