package dev.holdfast.runtime.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.servers.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over a real server. */
@Timeout(60)
class RedisChannelTest {

    @Test
    void adds_to_a_stream() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Channel channel = Channels.open(server.url() + "/?stream=failures");
            channel.send(List.of(Channels.letter(1), Channels.letter(2)));
            channel.send(List.of(Channels.letter(3)));
            assertThat(server.command("XLEN", "failures")).isEqualTo(":3");
        }
    }

    @Test
    void lets_go_of_its_connections_when_it_is_not_used_any_more() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Channel channel = Channels.open(server.url() + "/?stream=failures");
            channel.send(List.of(Channels.letter(1)));
            channel.close();
            assertThat(server.command("CLIENT", "LIST").lines().filter(line -> line.contains("addr=")))
                    .hasSizeGreaterThan(1);
            channel.end();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.command("CLIENT", "LIST")
                                    .lines()
                                    .filter(line -> line.contains(" addr="))
                                    .count()
                            == 1);
        }
    }

    @Test
    void keeps_the_stream_to_about_its_length() throws Exception {
        try (RedisServer server = RedisServer.start("--stream-node-max-entries", "10")) {
            Channel channel = Channels.open(server.url() + "/?stream=failures&maxLength=50");
            for (int i = 0; i < 500; i++) {
                channel.send(List.of(Channels.letter(i)));
            }
            String length = server.command("XLEN", "failures");
            assertThat(Integer.parseInt(length.substring(1))).isBetween(50, 60);
        }
    }

    @Test
    void fails_while_redis_is_away_and_goes_on_when_it_is_back() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            Channel channel = Channels.open(server.url() + "/?stream=failures");
            channel.send(List.of(Channels.letter(1)));
            server.kill();
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> channel.send(List.of(Channels.letter(2))))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(UndeliveredException.class);
                channel.close(); // as is done after a failure
            }
            server.restart();
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
                channel.send(List.of(Channels.letter(2)));
                return true;
            });
            assertThat(server.command("XLEN", "failures")).isEqualTo(":1");
        }
    }
}
