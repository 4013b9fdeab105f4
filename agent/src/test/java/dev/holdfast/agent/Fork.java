package dev.holdfast.agent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts JVMs of their own on the packed jar. */
final class Fork {

    /** The packed jar, where the build puts it. */
    static final Path JAR = Path.of("target", "holdfast-agent.jar").toAbsolutePath();

    /** What the programs need: themselves and the annotations. */
    static final String CLASS_PATH = classPath();

    private static final long PATIENCE_SECONDS = 60;

    /** How a program ended. */
    record Ended(int status, String out, String err) {}

    private Fork() {}

    /** The running JDK and, where one lies beside it, a JDK 25. */
    static List<Path> jdks() throws IOException {
        Path running = Path.of(System.getProperty("java.home"));
        List<Path> jdks = new ArrayList<>(List.of(running));
        try (Stream<Path> beside = Files.list(running.resolveSibling("."))) {
            beside.filter(home -> home.getFileName().toString().contains("25"))
                    .filter(home -> Files.isExecutable(home.resolve("bin/javac")))
                    .filter(home -> !home.normalize().equals(running))
                    .findFirst()
                    .ifPresent(jdks::add);
        }
        return jdks;
    }

    static String agent() {
        return agent(JAR);
    }

    static String agent(Path jar) {
        return "-javaagent:" + jar;
    }

    /** Runs a program of the package beside under the agent. */
    static Ended program(Path jdk, Class<?> main, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-cp", CLASS_PATH, main.getName()));
        return run(jdk, "java", arguments.toArray(String[]::new));
    }

    /** Runs a command of the JDK to its end. */
    static Ended run(Path jdk, String command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(jdk.resolve("bin").resolve(command).toString());
        line.addAll(List.of(arguments));
        File out = File.createTempFile("holdfast", ".out");
        File err = File.createTempFile("holdfast", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(line).redirectOutput(out).redirectError(err);
            builder.environment().keySet().removeIf(Fork::isForJvms);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("did not end: " + line + "\n" + Files.readString(err.toPath()));
            }
            return new Ended(process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
        } finally {
            Files.delete(out.toPath());
            Files.delete(err.toPath());
        }
    }

    private static boolean isForJvms(String variable) {
        return variable.startsWith("HOLDFAST_")
                || variable.equals("JAVA_TOOL_OPTIONS")
                || variable.equals("JDK_JAVA_OPTIONS");
    }

    private static String classPath() {
        return location(Fork.class) + File.pathSeparator + location(dev.holdfast.Recover.class);
    }

    private static String location(Class<?> type) {
        return Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
