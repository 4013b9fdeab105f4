package dev.holdfast.benchmarks.sessions;

import dev.holdfast.servers.RedisServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures what a session costs, one kind after the other, on a Redis of its own, and tells the table. */
public final class SessionReport {

    private static final int ROUNDS = 2;
    private static final int ITERATIONS = 10;
    private static final int MILLIS = 300;

    private SessionReport() {}

    public static void main(String[] args) throws RunnerException {
        StringBuilder text = new StringBuilder("| | load | load, change and save |\n| --- | --- | --- |\n");
        try (RedisServer redis = RedisServer.start()) {
            Map<Kind, List<Double>> loads = new EnumMap<>(Kind.class);
            Map<Kind, List<Double>> saves = new EnumMap<>(Kind.class);
            for (int round = 0; round < ROUNDS; round++) { // a slow spell of the machine falls on several of them
                for (Kind kind : Kind.values()) {
                    loads.computeIfAbsent(kind, none -> new ArrayList<>()).addAll(measure(kind, "load", redis.port()));
                    saves.computeIfAbsent(kind, none -> new ArrayList<>()).addAll(measure(kind, "save", redis.port()));
                }
            }
            for (Kind kind : Kind.values()) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.2f µs | %.2f µs |%n",
                        kind.title(),
                        median(loads.getOrDefault(kind, List.of())),
                        median(saves.getOrDefault(kind, List.of()))));
            }
        }
        System.out.print(text);
    }

    private static double median(List<Double> times) {
        List<Double> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static List<Double> measure(Kind kind, String what, int port) throws RunnerException {
        List<String> jvm = new ArrayList<>(List.of("-Dbenchmarks.redis.port=" + port));
        if (kind == Kind.HOLDFAST_STRICT || kind == Kind.HOLDFAST_NEAR) {
            jvm.add("-javaagent:" + System.getProperty("benchmarks.agent"));
            jvm.add("-Dholdfast.redis=redis://127.0.0.1:" + port);
            jvm.add("-Dholdfast.redis.timeout=5s");
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        List<Double> times = new ArrayList<>();
        try (PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            Runner runner = new Runner(
                    new OptionsBuilder()
                            .include("^" + Pattern.quote(SessionBenchmark.class.getName() + "." + what) + "$")
                            .param("kind", kind.name())
                            .forks(1)
                            .warmupIterations(ITERATIONS)
                            .warmupTime(TimeValue.milliseconds(MILLIS))
                            .measurementIterations(ITERATIONS)
                            .measurementTime(TimeValue.milliseconds(MILLIS))
                            .shouldFailOnError(true)
                            .jvmArgs("-Xms512m", "-Xmx512m")
                            .jvmArgsAppend(jvm.toArray(new String[0]))
                            .build(),
                    OutputFormatFactory.createFormatInstance(to, VerboseMode.NORMAL));
            for (RunResult result : runner.run()) {
                for (BenchmarkResult fork : result.getBenchmarkResults()) {
                    for (IterationResult iteration : fork.getIterationResults()) {
                        times.add(iteration.getPrimaryResult().getScore());
                    }
                }
            }
        } catch (RunnerException failed) {
            System.err.println(said.toString(StandardCharsets.UTF_8));
            throw failed;
        }
        System.err.printf(Locale.ROOT, "%s, %s: %.2f us%n", kind, what, median(times));
        return times;
    }
}
