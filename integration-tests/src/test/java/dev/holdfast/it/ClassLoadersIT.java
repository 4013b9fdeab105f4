package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.Program;
import dev.holdfast.it.programs.loaders.Applications;
import dev.holdfast.it.programs.loaders.WithoutAnnotations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Applications with libraries, modules and class loaders of their own. */
class ClassLoadersIT {

    private static final Pattern CASE = Pattern.compile("@Case\\s+void (\\w+)\\(");

    @TestFactory
    Stream<DynamicNode> old_libraries_of_the_application_and_new_ones_of_the_agent() throws IOException {
        Path source = Jvm.source("apps/old");
        List<Path> compileTime = new ArrayList<>(List.of(Jvm.programs(), Jvm.annotations()));
        compileTime.addAll(Jvm.libraries("old"));
        Path classes = Javac.into(Jvm.work("old"), 11).classPath(compileTime).compile(source);
        Files.copy(source.resolve("logback.xml"), classes.resolve("logback.xml"), StandardCopyOption.REPLACE_EXISTING);
        List<Path> runTime = new ArrayList<>(compileTime);
        runTime.add(0, classes);
        List<String> expected = new ArrayList<>();
        Matcher cases = CASE.matcher(Files.readString(source.resolve("Shop.java")));
        while (cases.find()) {
            expected.add("Shop." + cases.group(1));
        }
        return Jdk.all().stream().map(jdk -> {
            Jvm.Run run = Jvm.of(jdk).classPath(runTime).run(Program.class.getName(), "old.Shop");
            return DynamicContainer.dynamicContainer(jdk.toString(), Cases.report(expected, run, whole -> {}));
        });
    }

    @EveryJdk
    void the_module_path(Jdk jdk) {
        Path module = Javac.into(Jvm.work("modular-" + jdk.feature()), 17)
                .classPath()
                .options("--module-path", Jvm.annotations().toString())
                .compile(Jvm.source("apps/modular"));
        Jvm.Run run = Jvm.of(jdk)
                .classPath()
                .options("--module-path", module + java.io.File.pathSeparator + Jvm.annotations())
                .run("-m", "shop/shop.Main")
                .succeeds();
        assertThat(run.lines())
                .as("%s", run)
                .containsExactly("ok retried", "ok recovered", "ok handled", "ok broken", "ok slow", "ok last");
    }

    @TestFactory
    Stream<DynamicNode> loaders_that_delegate_java_alone_and_carry_their_own_annotations() {
        Path application = Javac.into(Jvm.work("isolated"), 17)
                .classPath(Jvm.annotations())
                .compile(Jvm.source("apps/isolated"));
        return Jdk.all().stream().map(jdk -> {
            Jvm.Run run = Jvm.of(jdk)
                    .classPath(Jvm.programs())
                    .options("-XX:MaxMetaspaceSize=96m")
                    .run(
                            Applications.class.getName(),
                            "isolated.App",
                            application.toString(),
                            Jvm.annotations().toString());
            return DynamicContainer.dynamicContainer(
                    jdk.toString(),
                    Cases.report(
                            List.of("alone", "two_at_once", "collected_when_dropped", "fifty_in_a_row"),
                            run,
                            whole -> {}));
        });
    }

    @TestFactory
    Stream<DynamicNode> a_program_without_the_annotations_jar() {
        return Cases.under(
                "without annotations",
                Jvm.of(Jdk.running()).options("-Xverify:all").classPath(Jvm.programs()),
                WithoutAnnotations.class);
    }
}
