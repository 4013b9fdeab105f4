package dev.holdfast.runtime.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionKeyTest {

    @Test
    void is_found_again_by_its_id() {
        SessionKey.Issued issued = SessionKey.issue();
        assertThat(SessionKey.ofCookie(issued.id())).isEqualTo(issued.key());
    }

    @Test
    void keeps_its_tag_when_it_is_renewed() {
        SessionKey.Issued issued = SessionKey.issue();
        SessionKey.Issued renewed = issued.key().renew();
        assertThat(renewed.key().tag()).isEqualTo(issued.key().tag());
        assertThat(renewed.key().hash()).isNotEqualTo(issued.key().hash());
        assertThat(SessionKey.ofCookie(renewed.id())).isEqualTo(renewed.key());
    }

    @Test
    void is_issued_once() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(ids.add(SessionKey.issue().id())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "AAAAAAAA.",
                "AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAA-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAA}AAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
                "AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAé",
            })
    void is_nothing_for_what_we_never_issue(String cookie) {
        assertThat(SessionKey.ofCookie(cookie)).isNull();
    }

    @Test
    void shows_nothing_that_helps_a_thief() {
        SessionKey.Issued issued = SessionKey.issue();
        assertThat(issued.toString())
                .matches("session [-\\w]{8}")
                .doesNotContain(issued.id().substring(9));
        assertThat(SessionKey.ofApplication("ann@acme.com").toString()).doesNotContain("ann");
        assertThat(SessionKey.ofApplication("ann@acme.com")).isEqualTo(SessionKey.ofApplication("ann@acme.com"));
    }
}
