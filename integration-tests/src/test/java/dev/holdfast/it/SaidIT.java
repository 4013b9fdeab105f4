package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.recover.Breakers;
import dev.holdfast.it.programs.recover.Fallbacks;
import dev.holdfast.it.programs.recover.Placement;
import dev.holdfast.it.programs.recover.Retries;
import dev.holdfast.it.programs.said.Chosen;
import dev.holdfast.it.programs.said.Reflected;
import dev.holdfast.it.programs.said.Serial;
import dev.holdfast.it.programs.said.Traces;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program shows and says under the agent, and which of its classes are woven. */
class SaidIT {

    @TestFactory
    Stream<DynamicNode> traces_and_reflection() {
        return Cases.everywhere(Traces.class, Reflected.class);
    }

    @TestFactory
    Stream<DynamicNode> without_the_agent() {
        return Stream.of(Cases.bare(Traces.class, Reflected.class));
    }

    @EveryJdk
    void a_program_that_succeeds_prints_what_it_prints_without_the_agent(Jdk jdk) {
        Jvm.Run bare = Jvm.of(jdk).bare().run(Program.class.getName(), "--bare", Traces.class.getName());
        Jvm.Run woven = Jvm.of(jdk).run(Program.class.getName(), "--bare", Traces.class.getName());
        assertThat(woven.succeeds().out()).isEqualTo(bare.out());
        assertThat(bare.err()).isEmpty();
        assertThat(woven.lines()).hasSizeGreaterThan(1);
        assertThat(woven.err().lines())
                .as("at most that it is there: %s", woven)
                .hasSizeLessThan(2)
                .allSatisfy(
                        line -> assertThat(line).containsIgnoringCase("info").contains("Holdfast"));
    }

    @EveryJdk
    void serial_forms_go_from_woven_to_bare_and_back(Jdk jdk) throws IOException {
        Path file = Jvm.work("serial").resolve("order-" + jdk.feature() + ".ser");
        for (boolean writerIsWoven : new boolean[] {true, false}) {
            Jvm writer = Jvm.of(jdk);
            Jvm reader = Jvm.of(jdk);
            (writerIsWoven ? reader : writer).bare();
            assertThat(writer.run(Serial.class.getName(), "write", file.toString())
                            .succeeds()
                            .out())
                    .isEqualTo("written\n");
            assertThat(reader.run(Serial.class.getName(), "read", file.toString())
                            .succeeds()
                            .out())
                    .isEqualTo("a 7 alater\n");
        }
        Files.delete(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "holdfast.log=info                                          | one 3, two 3, methods 2",
                "holdfast.enabled=false                                     | one 1, two 1, methods 1",
                "holdfast.weave=com.acme.**                                 | one 1, two 1, methods 1",
                "holdfast.weave=dev.holdfast.it.programs.said.*             | one 3, two 3, methods 2",
                "holdfast.weave=dev.holdfast.it.*                           | one 1, two 1, methods 1",
                "holdfast.weave=dev.holdfast.it.**                          | one 3, two 3, methods 2",
                "holdfast.weave=dev.holdfast.it.programs.said.Chosen$One    | one 3, two 1, methods 2",
                "holdfast.weave=dev.holdfast.it.programs.said.Chosen$Two    | one 1, two 3, methods 1",
                "holdfast.weave=!dev.holdfast.it.programs.said.Chosen$Two   | one 3, two 1, methods 2",
                "holdfast.weave=dev.holdfast.**,!dev.holdfast.it.programs.** | one 1, two 1, methods 1"
            })
    void settings_choose_what_is_woven(String setting, String said) {
        Jvm.Run run = Jvm.of(Jdk.running()).options("-D" + setting).run(Chosen.class.getName());
        assertThat(run.succeeds().out()).as("%s", run).isEqualTo(said + "\n");
    }

    @TestFactory
    Stream<DynamicNode> another_agent_listed_after_sees_what_was_compiled() {
        Path coverage = Jvm.work("jacoco").resolve("after.exec");
        Class<?>[] types = {Retries.class, Fallbacks.class, Placement.class, Breakers.class};
        return Stream.concat(
                Cases.under("after", Jvm.of(Jdk.running()).options(jacoco(coverage)), types),
                Stream.of(org.junit.jupiter.api.DynamicTest.dynamicTest("is covered", () -> covered(coverage))));
    }

    @TestFactory
    Stream<DynamicNode> another_agent_may_be_listed_before() {
        Path coverage = Jvm.work("jacoco").resolve("before.exec");
        return Stream.concat(
                Cases.under(
                        "before",
                        Jvm.of(Jdk.running()).bare().options(jacoco(coverage), "-javaagent:" + Jvm.agent()),
                        Fallbacks.class,
                        Placement.class),
                Stream.of(org.junit.jupiter.api.DynamicTest.dynamicTest("is covered", () -> covered(coverage))));
    }

    private static String jacoco(Path coverage) {
        return "-javaagent:" + Jvm.libraries("jacoco").get(0) + "=destfile=" + coverage
                + ",append=false,includes=dev.holdfast.it.*";
    }

    /** The bodies count as covered, though they run in methods of other names. */
    private static void covered(Path coverage) throws IOException {
        ExecFileLoader loader = new ExecFileLoader();
        loader.load(new File(coverage.toString()));
        CoverageBuilder builder = new CoverageBuilder();
        Analyzer analyzer = new Analyzer(loader.getExecutionDataStore(), builder);
        String type = "dev/holdfast/it/programs/recover/Fallbacks$Simple";
        analyzer.analyzeAll(Jvm.programs().resolve(type + ".class").toFile());
        assertThat(builder.getClasses()).hasSize(1);
        assertThat(builder.getNoMatchClasses()).isEmpty();
        var covered = builder.getClasses().iterator().next();
        assertThat(covered.getMethods())
                .filteredOn(method -> List.of("quote", "cached").contains(method.getName()))
                .hasSize(2)
                .allSatisfy(method -> assertThat(method.getInstructionCounter().getCoveredRatio())
                        .isEqualTo(1.0));
    }
}
