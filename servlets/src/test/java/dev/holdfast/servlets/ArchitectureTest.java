package dev.holdfast.servlets;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What these classes may know, as they are defined far from home. */
final class ArchitectureTest {

    private static final JavaClasses JAKARTA = of("jakarta");
    private static final JavaClasses JAVAX = of("javax");

    private static JavaClasses of(String name) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.holdfast.servlets." + name);
    }

    /** Where they are defined there is nothing else. Annotations that cannot be found are no harm. */
    @Test
    void they_know_each_other_the_jdk_and_the_servlet_api_of_their_name() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.holdfast.servlets.jakarta", "jakarta.servlet..", "java..", "org.jspecify.annotations")
                .check(JAKARTA);
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.holdfast.servlets.javax", "javax.servlet..", "java..", "org.jspecify.annotations")
                .check(JAVAX);
    }

    @Test
    void there_are_the_same_for_both_names() {
        assertThat(names(JAVAX)).isEqualTo(names(JAKARTA)).contains("ServletCall", "Cookies");
    }

    private static Set<String> names(JavaClasses classes) {
        Set<String> names = new TreeSet<>();
        for (JavaClass one : classes) {
            names.add(one.getName().substring(one.getPackageName().length() + 1));
        }
        return names;
    }
}
