package dev.holdfast.benchmarks.sessions;

import dev.holdfast.servers.RedisServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures what sessions cost, one kind after the other, on a Redis of its own, and tells the tables: how long one client takes, and how much many get
 * done together. Everybody goes on as soon as he is answered.
 */
public final class SessionReport {

    private static final int ROUNDS = 2;
    private static final int ITERATIONS = 6;
    private static final int MILLIS = 300;

    /** What is measured, in operations a second. */
    private enum Measure {
        LOAD("load", 1, 6),
        SAVE("save", 1, 6),
        SAVE_OF_8("save", 8, 20),
        SAVE_OF_32("save", 32, 20);

        private final String method;
        private final int clients;

        /** Where clients leave it no processor, the JIT compiler needs some seconds. */
        private final int warmups;

        Measure(String method, int clients, int warmups) {
            this.method = method;
            this.clients = clients;
            this.warmups = warmups;
        }

        /** A second floor is of no use to the comparison that the others are for. */
        boolean isOf(Kind kind) {
            return clients == 1 || kind != Kind.FLOOR_BY_SCRIPT;
        }
    }

    private final List<Kind> kinds;
    private final Map<Measure, Map<Kind, List<Double>>> rates = new EnumMap<>(Measure.class);

    private SessionReport(List<Kind> kinds) {
        this.kinds = kinds;
    }

    /** Of the kinds that are named, or of all. */
    public static void main(String[] args) throws RunnerException {
        SessionReport report = new SessionReport(
                args.length == 0
                        ? List.of(Kind.values())
                        : Arrays.stream(args).map(Kind::valueOf).toList());
        try (RedisServer redis = RedisServer.start()) {
            for (int round = 0; round < ROUNDS; round++) { // a slow spell of the machine falls on several kinds
                for (Measure measure : Measure.values()) {
                    for (Kind kind : report.kinds) {
                        if (measure.isOf(kind)) {
                            report.measure(measure, kind, redis.port());
                        }
                    }
                }
            }
        }
        System.out.print(report.times() + "\n" + report.throughputs());
    }

    private String times() {
        StringBuilder text = new StringBuilder("""
                | one client | load | against the first | load, change and save | against the first |
                | --- | ---: | ---: | ---: | ---: |
                """);
        for (Kind kind : kinds) {
            text.append("| ").append(kind.title());
            for (Measure measure : List.of(Measure.LOAD, Measure.SAVE)) {
                double micros = TimeUnit.SECONDS.toMicros(1) / median(measure, kind);
                double first = TimeUnit.SECONDS.toMicros(1) / median(measure, kinds.get(0));
                text.append(String.format(Locale.ROOT, " | %.2f µs | %.2f ×", micros, micros / first));
            }
            text.append(" |\n");
        }
        return text.toString();
    }

    private String throughputs() {
        StringBuilder head = new StringBuilder("| load, change and save, a second |");
        StringBuilder line = new StringBuilder("\n| --- |");
        List<Measure> measures = List.of(Measure.SAVE, Measure.SAVE_OF_8, Measure.SAVE_OF_32);
        boolean compares = kinds.contains(Kind.HOLDFAST_STRICT);
        for (Measure measure : measures) {
            head.append(measure.clients == 1 ? " one client |" : " " + measure.clients + " clients |");
            line.append(" ---: |");
            if (compares) {
                head.append(" `STRICT` against it |");
                line.append(" ---: |");
            }
        }
        StringBuilder text = head.append(line).append('\n');
        for (Kind kind : kinds) {
            if (!measures.stream().allMatch(measure -> measure.isOf(kind))) {
                continue;
            }
            text.append("| ").append(kind.title());
            for (Measure measure : measures) {
                double rate = median(measure, kind);
                text.append(String.format(Locale.ROOT, " | %,.0f", rate));
                if (compares) {
                    text.append(String.format(Locale.ROOT, " | %.2f ×", median(measure, Kind.HOLDFAST_STRICT) / rate));
                }
            }
            text.append(" |\n");
        }
        return text.toString();
    }

    private double median(Measure measure, Kind kind) {
        return median(rates.getOrDefault(measure, Map.of()).getOrDefault(kind, List.of()));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private void measure(Measure measure, Kind kind, int port) throws RunnerException {
        List<String> jvm = new ArrayList<>(List.of("-Dbenchmarks.redis.port=" + port));
        if (kind.isWoven()) {
            jvm.add("-javaagent:" + System.getProperty("benchmarks.agent"));
            jvm.add("-Dholdfast.redis=redis://127.0.0.1:" + port);
            jvm.add("-Dholdfast.redis.timeout=5s");
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        List<Double> found = new ArrayList<>();
        try (PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            Runner runner = new Runner(
                    new OptionsBuilder()
                            .include("^" + Pattern.quote(SessionBenchmark.class.getName() + "." + measure.method) + "$")
                            .param("kind", kind.name())
                            .mode(Mode.Throughput)
                            .timeUnit(TimeUnit.SECONDS)
                            .threads(measure.clients)
                            .forks(1)
                            .warmupIterations(measure.warmups)
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
                        found.add(iteration.getPrimaryResult().getScore());
                    }
                }
            }
        } catch (RunnerException failed) {
            System.err.println(said.toString(StandardCharsets.UTF_8));
            throw failed;
        }
        System.err.printf(Locale.ROOT, "%s, %s: %,.0f/s%n", kind, measure, median(found));
        rates.computeIfAbsent(measure, none -> new EnumMap<>(Kind.class))
                .computeIfAbsent(kind, none -> new ArrayList<>())
                .addAll(found);
    }
}
