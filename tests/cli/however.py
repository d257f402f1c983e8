"""What holds of a config however it is run: a test module derives a class of these, and has fixtures `config` and `result`."""

import pytest
from program import OFTEN, digest, goes_on, needs_mpi, sets, simulate, sinew


class HoweverRun:
    def test_the_config_beside_a_result_holds_it_whole(self, result, tmp_path):
        copied = tmp_path / "config.yaml"
        copied.write_text((result.parent / "config.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        assert digest(simulate(copied, tmp_path / "out")) == digest(result)

    @pytest.mark.parametrize("people", [64, 1024])
    def test_the_length_of_a_block_changes_nothing(self, config, result, tmp_path, people):
        assert digest(simulate(config, tmp_path, settings={"run.block_people": people})) == digest(result)

    @needs_mpi
    @pytest.mark.parametrize("ranks", [2, 3, 4])
    def test_ranks_change_nothing(self, config, result, tmp_path, ranks):
        assert digest(simulate(config, tmp_path, "--ranks", ranks)) == digest(result)

    def test_an_interrupted_run_ends_with_the_same(self, config, result, tmp_path):
        done = sinew("run", config, "-o", tmp_path, "--quiet", "--max-walltime", "0.01s", *sets(OFTEN))
        assert done.returncode == 5, done.stderr
        goes_on(config, tmp_path, digest(result))

    def test_parts_merge_to_the_same(self, config, result, tmp_path):
        for part in (1, 2):
            done = sinew("run", config, "-o", tmp_path, "--quiet", "--part", f"{part}/2")
            assert done.returncode == 0, done.stderr
        done = sinew("merge", tmp_path / "part-1-of-2", tmp_path / "part-2-of-2", "-o", tmp_path / "results.h5")
        assert done.returncode == 0, done.stderr
        assert digest(tmp_path / "results.h5") == digest(result)
