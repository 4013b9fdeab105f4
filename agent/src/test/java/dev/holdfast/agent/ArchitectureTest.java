package dev.holdfast.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What never happens in the agent. */
final class ArchitectureTest {

    /** A command of its own, which runs in no program's JVM. */
    private static final String CHECK = "dev.holdfast.agent.check";

    private static final JavaClasses AGENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.holdfast.agent");

    @Test
    void the_root_of_the_jar_needs_nothing_but_the_jdk() {
        classes()
                .that()
                .resideInAPackage("dev.holdfast.agent")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("dev.holdfast.agent", "java..", "org.jspecify.."))
                .check(AGENT);
    }

    @Test
    void the_runtime_is_reached_by_its_name_alone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CHECK)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.holdfast.runtime..")
                .check(AGENT);
    }

    @Test
    void nothing_before_main_wakes_logging_management_files_or_sockets() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CHECK)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.logging..",
                        "java.lang.management..",
                        "javax.management..",
                        "java.nio.file..",
                        "java.nio.channels..")
                .check(AGENT);
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(.*Socket.*|Inet.*|http\\..*)")
                .check(AGENT);
    }

    /** The high-level engine takes longer to wake than a small program takes to run. */
    @Test
    void classes_are_written_with_asm_alone() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("net.bytebuddy..").and(resideOutsideOfPackages("net.bytebuddy.jar.asm..")))
                .check(AGENT);
    }
}
