package dev.holdfast.runtime.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log:",
                "file:/var/log/events.jsonl",
                "redis:?stream=failures",
                "redis://localhost:6379/?stream=failures",
                "redis://user:p%40ss@localhost:6379/2?stream=failures&maxLength=1000",
                "redis-sentinel://one:26379,two:26379?master=main&stream=failures",
                "amqp://guest:guest@localhost/?exchange=&routingKey=failures",
                "amqps://user:pass@broker:5671/vhost?exchange=failures",
                "nsq://one:4151,two:4151/failures",
                "https://example.com/hook?secret=whsec_c2VjcmV0",
                "http://localhost:8080/hook",
                "http://[::1]:8080/hook",
                "slack+https://hooks.slack.com/services/T/B/x",
                "smtp://user:pass@mail:587/?from=a@example.com&to=b@example.com,c@example.com",
            })
    void is_without_fault(String uri) {
        assertThat(ChannelTypes.faults(uri)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file:events.jsonl                               | has a relative path",
                "file:                                           | has no path",
                "log:?level=warn                                 | has an unknown parameter level",
                "redis:                                          | has no parameter stream",
                "redis://localhost:6379                          | has no parameter stream",
                "redis:?stream=s&maxLength=none                  | has a maxLength that is no whole number",
                "redis://localhost:none/?stream=s                | must be redis",
                "amqp:///vhost?exchange=e                        | has no host",
                "amqp://host/vhost                               | has neither exchange nor routingKey",
                "amqp://host/vhost?routingkey=r                  | unknown parameter routingkey",
                "nsq://host:4151                                 | has no topic",
                "nsq://host:4151/a%20b                           | has a topic that nsqd refuses",
                "https:///path                                   | has no host",
                "http://example.com/hook                         | has plain http to another machine",
                "slack+http://example.com/hook                   | has plain http to another machine",
                "https://host:99999/                             | has a host that is none",
                "https://host/?secret=whsec_*                    | is no Base64",
                "smtp://host/?to=a@b.c                           | has no parameter from",
                "smtp://host/?from=a@b.c                         | has no parameter to",
                "smtp://host/?from=a@b.c&to=nobody               | no mail address",
                "nothing                                         | has no scheme",
                "https://host/%zz?x=%zz                          | has a % without two hexadecimal digits",
            })
    void has_its_faults_told(String uri, String fault) {
        assertThat(ChannelTypes.faults(uri)).isNotEmpty().first().asString().contains(fault);
    }

    @Test
    void shows_no_secrets() {
        assertThat(Address.of("https://user:pass@host/services/T/B?secret=s")).hasToString("https://host/…");
        assertThat(Address.of("amqp://user:pass@host/vhost?exchange=e")).hasToString("amqp://host/vhost");
        for (String faulty : new String[] {
            "https://u:hidden@/x?secret=hidden", "redis://u:hidden@h:none/?stream=s", "smtp://u:hidden@h/"
        }) {
            assertThat(ChannelTypes.faults(faulty)).isNotEmpty();
            assertThat(ChannelTypes.faults(faulty).toString()).doesNotContain("hidden");
        }
    }
}
