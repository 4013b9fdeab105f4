package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.citizen.Nothing;
import dev.holdfast.it.programs.citizen.Quiet;
import dev.holdfast.it.programs.recover.Breakers;
import dev.holdfast.it.programs.recover.Fallbacks;
import dev.holdfast.it.programs.recover.LastGood;
import dev.holdfast.it.programs.recover.Placement;
import dev.holdfast.it.programs.recover.Stages;
import dev.holdfast.it.programs.said.Chosen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What deployments do with the JVM itself, and what they expect of it at its end. */
class JvmIT {

    private static final String FROM_ARCHIVE = "source: shared objects file";
    private static final String WOVEN = "one 3, two 3, methods 2\n";

    /** As an application with an archive of its own would be started, once the agent has been added to its command. */
    @EveryJdk
    void an_archive_of_the_applications_classes_is_still_used(Jdk jdk) throws IOException {
        Path folder = Jvm.work("cds-" + jdk.feature());
        Path jar = Jars.jar(folder.resolve("app.jar"), Map.of(), Jvm.programs());
        Path archive = folder.resolve("app.jsa");
        Files.deleteIfExists(archive);
        Path[] classPath = {jar, Jvm.annotations()};
        Jvm.of(jdk)
                .asDeployed()
                .bare()
                .classPath(classPath)
                .options("-XX:ArchiveClassesAtExit=" + archive)
                .run(Program.class.getName(), Placement.class.getName());
        Path log = folder.resolve("classes.txt");
        Jvm.Run run = Jvm.of(jdk)
                .asDeployed()
                .classPath(classPath)
                .options(
                        "-Xshare:on",
                        "-XX:SharedArchiveFile=" + archive,
                        "-Xlog:disable", // with -Xshare:on the JVM says on stdout what any agent changes
                        "-Xlog:class+load:file=" + log)
                .run(Program.class.getName(), Placement.class.getName())
                .succeeds();
        assertThat(run.lines()).as("%s", run).isNotEmpty().allMatch(line -> line.startsWith("ok "));
        List<String> classes = Files.readAllLines(log);
        assertThat(classes)
                .filteredOn(line -> line.contains(FROM_ARCHIVE))
                .as("of the JDK's classes and the program's")
                .hasSizeGreaterThan(700)
                .anyMatch(line -> line.contains(" " + Program.class.getName() + " "));
        // What is woven is read from the jar.
        assertThat(classes).anyMatch(line -> line.contains(Placement.class.getName()) && !line.contains(FROM_ARCHIVE));
    }

    /** The cache is bound to the command line, so it is made with the agent. */
    @Test
    void the_aot_cache_is_used_if_it_was_made_with_the_agent() throws IOException {
        Jdk newest = Jdk.all().get(Jdk.all().size() - 1);
        if (newest.feature() < 25) {
            return; // there is none
        }
        Path folder = Jvm.work("aot");
        Path jar = Jars.jar(folder.resolve("app.jar"), Map.of(), Jvm.programs());
        Path cache = folder.resolve("app.aot");
        Path[] classPath = {jar, Jvm.annotations()};
        Jvm.Run training = Jvm.of(newest)
                .asDeployed()
                .classPath(classPath)
                .options("-XX:AOTCacheOutput=" + cache)
                .run(Chosen.class.getName())
                .succeeds();
        assertThat(training.out()).contains(WOVEN);
        Path log = folder.resolve("classes.txt");
        Jvm.Run run = Jvm.of(newest)
                .asDeployed()
                .classPath(classPath)
                .options("-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-Xlog:class+load:file=" + log)
                .run(Chosen.class.getName())
                .succeeds();
        assertThat(run.out()).as("%s", run).isEqualTo(WOVEN);
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.contains(FROM_ARCHIVE))
                .hasSizeGreaterThan(1_000);
    }

    @TestFactory
    Stream<DynamicNode> a_jvm_that_forbids_what_will_be_forbidden() {
        Jdk newest = Jdk.all().get(Jdk.all().size() - 1);
        Jvm jvm = Jvm.of(newest).asDeployed().options("-Xverify:all");
        if (newest.feature() >= 24) {
            jvm.options("--sun-misc-unsafe-memory-access=deny", "--illegal-native-access=deny");
        }
        return Cases.under("denied", jvm, LastGood.class, Breakers.class, Stages.class);
    }

    @TestFactory
    Stream<DynamicNode> virtual_threads_are_not_pinned() {
        Jdk newest = Jdk.all().get(Jdk.all().size() - 1);
        if (newest.feature() < 25) {
            return Stream.empty();
        }
        Path classes = Javac.into(Jvm.work("virtual"), 25).compile(Jvm.source("apps/virtual"));
        Jvm.Run run = Jvm.of(newest)
                .asDeployed()
                .classPath(classes, Jvm.programs(), Jvm.annotations())
                .run(Program.class.getName(), "load.Load");
        return Cases.report(List.of("Load.no_virtual_thread_is_pinned_under_load"), run, whole -> {});
    }

    @TestFactory
    Stream<DynamicNode> a_small_heap() {
        return Cases.under(
                "small",
                Jvm.of(Jdk.running()).options("-Xmx12m", "-Xss512k", "-XX:+UseSerialGC", "-XX:MaxMetaspaceSize=48m"),
                Fallbacks.class,
                Breakers.class);
    }

    @EveryJdk
    void the_agent_given_by_the_environment(Jdk jdk) {
        Jvm.Run run = Jvm.of(jdk)
                .asDeployed()
                .bare()
                .environment("JAVA_TOOL_OPTIONS", "-javaagent:" + Jvm.agent())
                .run(Chosen.class.getName())
                .succeeds();
        assertThat(run.out()).as("%s", run).isEqualTo(WOVEN);
        assertThat(run.err().lines()).as("%s", run).hasSize(2); // the JVM's own line, and ours
    }

    /** java.base and java.instrument: what the agent needs of a runtime image. */
    @TestFactory
    Stream<DynamicNode> a_runtime_image_with_two_modules() throws IOException {
        Path image = Jvm.work("images").resolve("two");
        if (!Files.isDirectory(Jdk.running().home().resolve("jmods"))) {
            return Stream.empty(); // this JDK can make none
        }
        if (!Files.exists(image)) {
            Jvm.run(List.of(
                            Jdk.running().home().resolve("bin").resolve("jlink").toString(),
                            "--add-modules",
                            "java.base,java.instrument",
                            "--strip-debug",
                            "--no-header-files",
                            "--no-man-pages",
                            "--output",
                            image.toString()))
                    .succeeds();
        }
        return Cases.under(
                "image",
                Jvm.of(new Jdk(image, Jdk.running().feature())).options("-Xverify:all"),
                Fallbacks.class,
                LastGood.class,
                Stages.class);
    }

    /** As in a runtime image without it, and in a program that begins with a module which does not reach it. */
    @EveryJdk
    void a_setting_that_needs_a_module_which_is_not_there_stops_the_start(Jdk jdk) {
        Map<String, String> needs = Map.of(
                "-Dholdfast.redis=redis://:secret@127.0.0.1:6379", "java.management",
                "-Dholdfast.channel.ops=https://127.0.0.1/hook", "java.net.http");
        needs.forEach((setting, module) -> {
            Jvm.Run run = Jvm.of(jdk)
                    .options("--limit-modules", "java.base,java.instrument", setting)
                    .run(Chosen.class.getName());
            assertThat(run.exit()).as("%s", run).isEqualTo(1);
            assertThat(run.out()).as("%s", run).isEmpty();
            assertThat(run.err().lines()).as("%s", run).hasSize(1);
            assertThat(run.err())
                    .as("%s", run)
                    .contains("needs the JDK's module " + module, "--add-modules " + module)
                    .doesNotContain("secret");
        });
    }

    @EveryJdk
    void a_main_that_returns_ends_the_jvm_at_once(Jdk jdk) {
        Jvm.Run run = Jvm.of(jdk).run(Quiet.class.getName()).succeeds();
        long ended = System.currentTimeMillis();
        assertThat(run.lines()).as("%s", run).hasSize(2);
        assertThat(run.lines().get(0)).contains("holdfast-timer=true").doesNotContain("unnamed", "=false");
        long returned = Long.parseLong(run.lines().get(1).substring("returns at ".length()));
        assertThat(ended - returned)
                .as("milliseconds from the return of main to the end of the JVM: %s", run)
                .isLessThan(1_500);
        assertThat(run.err().lines()).as("%s", run).hasSize(1);
    }

    @EveryJdk
    void a_program_with_nothing_to_weave_gets_no_thread_and_one_line(Jdk jdk) throws IOException {
        Path log = Jvm.work("nothing").resolve("classes-" + jdk.feature() + ".txt");
        Jvm.Run run = Jvm.of(jdk)
                .options("-Xlog:class+load:file=" + log)
                .run(Nothing.class.getName())
                .succeeds();
        assertThat(run.out()).as("%s", run).isEmpty();
        assertThat(run.err()).as("%s", run).matches("\\S+Z INFO holdfast: Holdfast \\S+ attached, 0 keys set\\R");
        // What the agent costs such a program is mostly the number of classes that it brings.
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.contains("dev.holdfast.agent.") || line.contains("dev.holdfast.runtime."))
                .hasSizeLessThan(35)
                .noneMatch(line -> line.contains("dev.holdfast.runtime."));
    }
}
