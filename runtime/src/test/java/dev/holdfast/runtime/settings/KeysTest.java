package dev.holdfast.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KeysTest {

    @Test
    void have_names_of_one_form_and_defaults_that_their_rules_allow() {
        assertThat(Keys.ALL).allSatisfy(key -> {
            assertThat(key.name()).matches("holdfast(\\.[a-z]+)+");
            assertThat(key.meaning()).isNotBlank().doesNotContain("\n");
            String usual = key.usual();
            if (usual != null) {
                assertThat(key.rule().read(usual)).isNotNull();
            }
        });
        assertThat(Keys.ALL.stream().map(Key::name)).doesNotHaveDuplicates();
    }

    @Test
    void are_all_in_the_help() {
        assertThat(Keys.help())
                .startsWith(
                        "  holdfast.enabled\n      false: nothing is woven; what is woven already runs as if it were not\n      true or false\n      default: true\n");
        assertThat(Keys.ALL).allSatisfy(key -> assertThat(Keys.help()).contains("\n      " + key.meaning() + "\n"));
    }

    @Test
    void are_documented_as_they_are() throws IOException {
        Path page = Path.of("..", "docs", "configuration.md");
        assertThat(Files.readString(page)).contains("\n" + Keys.table() + "\n");
    }
}
