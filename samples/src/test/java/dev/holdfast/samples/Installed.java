package dev.holdfast.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the build made, copied as somebody might have it who likes spaces in the names of folders. */
final class Installed {

    private static final long DEADLINE_SECONDS = 120;

    private final Path root;

    private Installed(Path root) {
        this.root = root;
    }

    /** Copies the script and the jars; the build has made them in its package phase. */
    static Installed into(Path folder) throws IOException {
        Path from = Path.of("").toAbsolutePath().getParent();
        Path root = Files.createDirectories(folder.resolve("my own holdfast"));
        for (String file : List.of(
                "samples/run.sh",
                "samples/common.sh",
                "samples/target/prices.jar",
                "samples/target/lib/holdfast-annotations.jar",
                "agent/target/holdfast-agent.jar")) {
            Path to = root.resolve(file);
            Files.createDirectories(to.getParent());
            Files.copy(from.resolve(file), to, StandardCopyOption.COPY_ATTRIBUTES);
        }
        return new Installed(root);
    }

    Path root() {
        return root;
    }

    /** Runs {@code samples/run.sh} from some other folder. */
    Run script(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(root.resolve("samples/run.sh").toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs a main class under the agent. */
    Run main(String name) throws IOException, InterruptedException {
        return run(List.of(
                java().toString(),
                "-javaagent:" + root.resolve("agent/target/holdfast-agent.jar"),
                "-cp",
                root.resolve("samples/target/prices.jar").toString(),
                name));
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** A command on its way. It is ended with the test. */
    Process start(List<String> command, Path out, Path err) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.getParent().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        // What the shell that started the build has set must not reach it.
        builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.endsWith("_OPTIONS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private Run run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(root, "out", ".txt");
        Path err = Files.createTempFile(root, "err", ".txt");
        Process process = start(command, out, err);
        try {
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("not done after " + DEADLINE_SECONDS + " s: " + Files.readString(out));
            }
            return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            // By TERM, on which the script ends what it has started.
            process.destroy();
        }
    }

    /** A command that has ended. */
    record Run(int exit, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }

        @Override
        public String toString() {
            return "exit " + exit + "\n--- stdout\n" + out + "--- stderr\n" + err;
        }
    }
}
