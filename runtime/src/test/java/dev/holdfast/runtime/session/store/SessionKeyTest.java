package dev.holdfast.runtime.session.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Base64;
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

    @Test
    void tells_ids_apart_that_have_halves_of_characters() {
        Set<SessionKey> keys = new HashSet<>();
        for (String id : new String[] {
            "\ud800x", "\ud801x", "\udc00x", "?x", "\ud800", "x\ud800", "\ud83d\ude00x", "\ude00\ud83dx"
        }) {
            assertThat(keys.add(SessionKey.ofApplication(id))).isTrue();
            assertThat(keys).contains(SessionKey.ofApplication(id));
        }
    }

    /** Sessions that are stored are found by those. */
    @Test
    void has_the_hash_of_utf_8_for_an_id_of_characters() throws Exception {
        for (String id : new String[] {"ann@acme.com", "\u00fc\u20ac\ud83d\ude00"}) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8));
            assertThat(SessionKey.ofApplication(id).hash())
                    .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        }
    }
}
