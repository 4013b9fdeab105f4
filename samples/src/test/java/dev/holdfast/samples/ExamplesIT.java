package dev.holdfast.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.samples.Installed.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the documentation do what it says. */
final class ExamplesIT {

    @Test
    void do_what_the_documentation_says(@TempDir Path folder) throws Exception {
        Run run = Installed.into(folder).main("dev.holdfast.samples.recover.ExamplesMain");
        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(run.lines().stream().distinct())
                .as("%s", run)
                .containsExactly(
                        "retried: some tea, after 4 requests",
                        "retried: FileNotFoundException, after 1 request",
                        "evenly: IOException, after 4 requests",
                        "quick: ask for tea later, after 1 request",
                        "chosen: tea was not to be had, after 1 request",
                        "chosen: tea was not even asked for, after 0 requests",
                        "remembered: IOException, after 1 request",
                        "remembered: some tea, after 1 request",
                        "apologised: no tea after 2 attempts, after 2 requests",
                        "stock: IOException, after 1 request",
                        "shelf: BreakerOpenException, after 0 requests",
                        "staged: some tea, after 3 requests",
                        "staged: no tea today, after 3 requests",
                        "page: 503 {\"error\":\"Service Unavailable\"} with Retry-After, after 0 requests",
                        "patient: some tea, after 5 requests");
    }
}
