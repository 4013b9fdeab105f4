package dev.holdfast.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures every library of every group, each in JVMs of its own, and tells the tables; progress goes to stderr.
 *
 * <pre>{@code
 * Report quick|full [GROUP...]        -Dbenchmarks.agent=<holdfast-agent.jar>   -Dbenchmarks.scratch=<folder>
 * }</pre>
 */
public final class Report {

    /**
     * How long it takes.
     *
     * @param name as one types it
     * @param rounds over all libraries
     * @param warmups iterations before those that count, of one library within a round
     * @param iterations that count
     */
    record Pace(String name, int rounds, int warmups, int iterations, int iterationMillis) {

        static final Pace QUICK = new Pace("quick", 1, 5, 5, 200);
        static final Pace FULL = new Pace("full", 5, 10, 10, 200);

        static Pace of(String name) {
            return switch (name) {
                case "quick" -> QUICK;
                case "full" -> FULL;
                default -> throw new IllegalArgumentException("\"" + name + "\" is neither quick nor full");
            };
        }
    }

    private final Pace pace;
    private final List<Group> groups;
    private final Predicate<Library> takesPart;

    Report(Pace pace, List<Group> groups, Predicate<Library> takesPart) {
        this.pace = pace;
        this.groups = groups;
        this.takesPart = takesPart;
    }

    /** {@code quick} or {@code full}, then the names of groups; none for all. Exit status 2: wrong arguments. */
    public static void main(String[] args) throws RunnerException {
        Report report;
        try {
            report = of(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println("benchmarks: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        System.out.print(report.text());
    }

    /**
     * The report that the arguments ask for.
     *
     * @throws IllegalArgumentException with a message for people
     */
    static Report of(String... args) {
        if (args.length == 0) {
            throw new IllegalArgumentException("say quick or full");
        }
        Pace pace = Pace.of(args[0]);
        List<Group> groups =
                Arrays.stream(args).skip(1).map(Group::of).distinct().toList();
        return new Report(pace, groups.isEmpty() ? List.of(Group.values()) : groups, library -> true);
    }

    List<Group> groups() {
        return groups;
    }

    /** Measures, and gives the tables in Markdown. */
    String text() throws RunnerException {
        Map<Group, Map<Library, Figures>> figures = measure();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "JDK %s, %s, %s, %d processors. `%s`: of each line %d JVMs and the median of %d iterations of %d ms.%n%n",
                System.getProperty("java.vm.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                pace.name,
                pace.rounds,
                pace.rounds * pace.iterations,
                pace.iterationMillis));
        figures.forEach((group, ofGroup) -> text.append(new Table(group, ofGroup).text()));
        return text.toString();
    }

    /** A round goes over all libraries, so that a slow spell of the machine falls on several of them and not on one. */
    private Map<Group, Map<Library, Figures>> measure() throws RunnerException {
        Map<Group, Map<Library, Figures>> figures = new EnumMap<>(Group.class);
        int all = pace.rounds
                * groups.stream().mapToInt(group -> libraries(group).size()).sum();
        int done = 0;
        for (int round = 1; round <= pace.rounds; round++) {
            for (Group group : groups) {
                Map<Library, Figures> ofGroup = figures.computeIfAbsent(group, none -> new EnumMap<>(Library.class));
                for (Library library : libraries(group)) {
                    Figures one = measure(group, library);
                    ofGroup.merge(library, one, Figures::and);
                    System.err.printf(
                            Locale.ROOT,
                            "%3d/%d %-66s %-30s %9.2f ns of CPU %7.1f B%n",
                            ++done,
                            all,
                            group.title(),
                            library.title(),
                            one.cpuNanosPerCall(),
                            one.bytesPerCall());
                }
            }
        }
        return figures;
    }

    private List<Library> libraries(Group group) {
        return group.libraries().stream().filter(takesPart).toList();
    }

    private Figures measure(Group group, Library library) throws RunnerException {
        List<Double> cpuNanos = new ArrayList<>();
        List<Double> clockNanos = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        for (RunResult result : run(options(group, library).build())) {
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    cpuNanos.add(profiled(iteration, CpuTime.NANOS_PER_CALL));
                    clockNanos.add(iteration.getPrimaryResult().getScore());
                    bytes.add(profiled(iteration, "gc.alloc.rate.norm"));
                }
            }
        }
        return new Figures(cpuNanos, clockNanos, bytes);
    }

    /** What the JVMs print is only of interest if one of them fails. */
    private static Collection<RunResult> run(Options options) throws RunnerException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            return new Runner(options, OutputFormatFactory.createFormatInstance(to, VerboseMode.NORMAL)).run();
        } catch (RunnerException failed) {
            System.err.println(said.toString(StandardCharsets.UTF_8));
            throw failed;
        }
    }

    private static double profiled(IterationResult iteration, String name) {
        for (String measure : iteration.getSecondaryResults().keySet()) {
            if (measure.endsWith(name)) {
                return iteration.getSecondaryResults().get(measure).getScore();
            }
        }
        throw new IllegalStateException("no profiler tells " + name);
    }

    private ChainedOptionsBuilder options(Group group, Library library) {
        List<String> jvm = new ArrayList<>();
        if (library == Library.HOLDFAST) {
            jvm.add("-javaagent:" + property("benchmarks.agent"));
        }
        if (library == Library.SENTINEL) {
            jvm.add("-Dcsp.sentinel.log.dir=" + property("benchmarks.scratch"));
        }
        return new OptionsBuilder()
                .include("^" + Pattern.quote(group.benchmark().getName() + ".quote") + "$")
                .param("library", library.name())
                .threads(group.threads())
                .forks(1)
                .warmupIterations(pace.warmups)
                .warmupTime(TimeValue.milliseconds(pace.iterationMillis))
                .measurementIterations(pace.iterations)
                .measurementTime(TimeValue.milliseconds(pace.iterationMillis))
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTime.class)
                .shouldFailOnError(true)
                // Not those of this JVM, which may itself run under an agent.
                .jvmArgs("-Xms1g", "-Xmx1g")
                .jvmArgsAppend(jvm.toArray(new String[0]));
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("system property " + name + " is missing; start this by benchmarks/run.sh");
        }
        return value;
    }
}
