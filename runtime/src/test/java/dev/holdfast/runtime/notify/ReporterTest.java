package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReporterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "com.acme.Shop one two                     | classes:lib.jar                  | com.acme.Shop",
                "acme.shop/com.acme.Shop one               | ''                               | com.acme.Shop",
                "shop.jar                                  | shop.jar                         | shop.jar",
                "/opt/we ird/my app.jar one two            | /opt/we ird/my app.jar           | my app.jar",
                "we ird/my app.jar one                     | we ird/my app.jar:/opt/agent.jar | my app.jar",
                "com.acme.Shop                             | com                              | com.acme.Shop",
                "''                                        | ''                               | java",
                "jdk.compiler/com.sun.tools.javac.launcher.Main src/One.java a b       | '' | One.java",
                "jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher my src/One.java a.java | '' | One.java",
                "jdk.compiler/com.sun.tools.javac.launcher.Main bin/one a               | '' | one",
            })
    void names_an_application_by_what_was_started(String command, String classPath, String name) {
        assertThat(Reporter.application(command, classPath.replace(':', File.pathSeparatorChar)))
                .isEqualTo(name);
    }

    /** With digits of its own a folder could not be made where the system's encoding has none of them. */
    @Test
    void names_the_folder_of_a_process_alike_in_all_languages() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(Office.folderName(1_800_000_000_000L, 42)).isEqualTo("001800000000000-42");
        } finally {
            Locale.setDefault(before);
        }
    }
}
