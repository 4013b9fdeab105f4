package dev.holdfast.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.redis.RedisAddress;
import org.junit.jupiter.api.Test;

final class JdkModulesTest {

    private final JdkModules none = new JdkModules(ModuleLayer.empty());

    @Test
    void says_which_are_missing_and_what_to_do() {
        assertThat(none.fault("amqp://host/", "java.naming", "java.security.sasl"))
                .isEqualTo(
                        "needs the JDK's modules java.naming and java.security.sasl, which this JVM runs without, was \"amqp://host/\";"
                                + " start it with --add-modules java.naming,java.security.sasl, and give that to jlink where it makes the"
                                + " runtime image");
    }

    @Test
    void says_nothing_where_all_are_there() {
        assertThat(none.fault("smtp://host/")).isEmpty();
        assertThat(JdkModules.ofThisJvm().fault("redis://host", "java.management"))
                .isEmpty();
    }

    @Test
    void a_redis_needs_one_and_shows_no_password() {
        Rule<RedisAddress> rule = new Rules.RedisUrl(none);

        assertThatThrownBy(() -> rule.read("redis://:secret@host:6379"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("needs the JDK's module java.management, ")
                .hasMessageNotContaining("secret");
    }
}
