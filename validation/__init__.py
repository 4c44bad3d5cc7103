"""Whether the statistics keep their promises: measured on problems whose answers are known exactly."""
