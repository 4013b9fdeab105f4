package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PerServerTest {

    private static final byte[] FOO = "foo".getBytes(UTF_8); // 12182
    private static final byte[] DIGITS = "123456789".getBytes(UTF_8); // 12739
    private static final byte[] EMPTY = "".getBytes(UTF_8); // 0

    private final PerServer<Outage> outages = new PerServer<>(() -> new Outage(1));
    private final Map<Integer, Object> servers = new HashMap<>(Map.of(12182, "a", 12739, "a", 0, "b"));

    @Test
    void of_one_server_are_one() {
        assertThat(outages.of(FOO)).isSameAs(outages.of(EMPTY));
    }

    @Test
    void of_a_cluster_are_as_many_as_servers() {
        outages.servers(servers::get);
        outages.of(FOO).failed(0, 0);
        assertThat(outages.of(DIGITS).isUnderWay()).isTrue();
        assertThat(outages.of(EMPTY).isUnderWay()).isFalse();
    }

    @Test
    void a_key_goes_with_its_slot_to_another_server() {
        outages.servers(servers::get);
        outages.of(FOO).failed(0, 0);
        servers.put(12182, "b");
        assertThat(outages.of(FOO).isUnderWay()).isFalse();
        assertThat(outages.of(DIGITS).isUnderWay()).isTrue();
    }

    @Test
    void slots_that_nobody_has_are_away_together() {
        outages.servers(servers::get);
        servers.remove(12182);
        servers.remove(12739);
        outages.of(FOO).failed(0, 0);
        assertThat(outages.of(DIGITS).isUnderWay()).isTrue();
        assertThat(outages.of(EMPTY).isUnderWay()).isFalse();
    }
}
