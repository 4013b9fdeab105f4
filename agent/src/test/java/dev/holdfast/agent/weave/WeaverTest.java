package dev.holdfast.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WeaverTest {

    @Test
    void a_plain_method_runs_its_body() {
        Map<String, byte[]> app = Compiled.of(17, """
                class Quotes {
                    @Recover(attempts = 3) String quote(String id, long n) {
                        if (n < 0) throw new IllegalStateException("closed");
                        return id + n;
                    }
                }""");
        try (Woven loader = new Woven(app)) {
            Object quotes = loader.make("app.Quotes");
            assertThat(loader.call("app.Quotes", "quote", quotes, "a", 7L)).isEqualTo("a7");
            assertThatThrownBy(() -> loader.call("app.Quotes", "quote", quotes, "a", -1L))
                    .hasMessage("closed");
            Woven.NotingSite site = loader.sites.get(0);
            assertThat(site.notes).containsExactly("failed 0 closed");
            assertThat(site.everything).containsExactly(quotes, "a", -1L);
            assertThat(site.definition).isEqualTo("@Recover(attempts=3)");
            assertThat(loader.weavingOf("app.Quotes").left()).isEmpty();
        }
    }
}
