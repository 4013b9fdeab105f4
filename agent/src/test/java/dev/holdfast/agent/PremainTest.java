package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.net.URL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PremainTest {

    @ParameterizedTest
    @CsvSource({
        "jdk.compiler, jdk.compiler/com.sun.tools.javac.Main --version, true",
        "jdk.jartool,  jdk.jartool/sun.tools.jar.Main --version,        true",
        "java.base,    java.base/java.Tool,                             true",
        "jdk.compiler, jdk.compiler/com.sun.tools.javac.launcher.Main Hello.java,           false",
        "jdk.compiler, jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher Hello.java, false",
        ",             jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher Hello.java, false",
        "com.acme.app, com.acme.app/com.acme.Main,                      false",
        ",             com.acme.Main,                                   false",
        "jdk.jshell,   ,                                                true",
        ",             ,                                                false",
    })
    void leaves_alone_what_is_a_tool_of_the_jdk(String module, String command, boolean tool) {
        assertThat(Premain.isJdkTool(module, command)).isEqualTo(tool);
    }

    @Test
    void finds_its_jar_in_a_folder_with_any_name() throws Exception {
        File jar = new File("/opt/my apps/a+b%20c/ü/agent.jar");

        assertThat(Premain.file(jar.toURI().toURL())).isEqualTo(jar);
    }

    @Test
    void has_no_file_where_it_was_not_loaded_from_one() throws Exception {
        URL nested = URI.create("jar:file:/opt/app.jar!/agent.jar").toURL();

        assertThat(Premain.file(nested)).isNull();
        assertThat(Premain.file(null)).isNull();
    }
}
