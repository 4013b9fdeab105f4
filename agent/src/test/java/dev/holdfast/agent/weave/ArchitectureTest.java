package dev.holdfast.agent.weave;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    /** No class look-ups, no I/O, no logging, and of Byte Buddy nothing but its ASM: the rest takes half a second to wake. */
    @Test
    void weaving_knows_asm_and_the_bridge_and_plain_java() {
        classes()
                .that()
                .resideInAPackage("dev.holdfast.agent.weave")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.holdfast.agent.weave",
                        "dev.holdfast.bridge",
                        "dev.holdfast.definition",
                        "net.bytebuddy.jar.asm",
                        "org.jspecify.annotations",
                        "java.io",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.ref",
                        "java.lang.reflect",
                        "java.lang.runtime",
                        "java.nio.charset",
                        "java.util..")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.holdfast.agent.weave"));
    }
}
