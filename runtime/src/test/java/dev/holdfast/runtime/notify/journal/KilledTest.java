package dev.holdfast.runtime.notify.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that append as fast as they can, killed at any moment: what one had said was taken is there, in the next one's hands. */
class KilledTest {

    private static final int PROCESSES = 8;

    @TempDir
    Path base;

    @Test
    void loses_nothing_that_was_taken_however_often_it_is_killed() throws Exception {
        Random random = new Random(42);
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            taken.addAll(runAndKill(i, 1 + random.nextInt(2_000)));
        }
        ProcessFolder.Claimed claimed = ProcessFolder.claim(base, "killed", "zz-last");
        assertThat(claimed.left()).isNotEmpty();
        List<String> found = new ArrayList<>();
        for (ProcessFolder left : claimed.left()) {
            new LeftJournal(left.path()).read(entry -> found.add(entry.event()));
            left.delete();
        }
        claimed.own().delete();
        assertThat(taken).hasSizeGreaterThan(PROCESSES);
        assertThat(found).containsAll(taken);
        // Each process hands the events of those before it on before its own.
        assertThat(found.stream().distinct().filter(taken::contains).toList()).isEqualTo(taken);
    }

    /** @return the events that it said were taken */
    private List<String> runAndKill(int number, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appending.class.getName(),
                        base.toString(),
                        String.valueOf(number))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> taken = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = out.readLine()) != null) {
                // The last one may be cut by the kill.
                if (line.endsWith(";")) {
                    taken.add(line);
                }
                if (taken.size() == lines) {
                    process.toHandle().destroyForcibly(); // leaves what it said readable
                }
            }
        }
        process.waitFor();
        return taken;
    }

    /** Adopts what is left, then appends and says so until it is killed. */
    static final class Appending {

        private Appending() {}

        public static void main(String[] arguments) throws IOException {
            String number = "%03d".formatted(Integer.parseInt(arguments[1]));
            ProcessFolder.Claimed claimed = ProcessFolder.claim(Path.of(arguments[0]), "killed", number);
            try (Journal journal = new Journal(claimed.own().path(), 1 << 30, 4_000, Disk.REAL)) {
                for (ProcessFolder left : claimed.left()) {
                    new LeftJournal(left.path())
                            .read(entry -> journal.append(entry.millis(), entry.channels(), "", entry.event()));
                    left.delete();
                }
                for (int i = 0; i < 1_000_000; i++) {
                    String event = number + "-" + i + ";";
                    journal.append(0, List.of("a"), "", event);
                    System.out.println(event);
                }
            }
        }
    }
}
