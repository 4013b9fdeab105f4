package dev.holdfast.runtime.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @TempDir
    Path folder;

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
    @ValueSource(
            strings = {
                "nsq://host:99999/topic",
                "amqp://host/",
                "amqp://host/vhost?routingkey=r&exchange=e",
                "nsq://host/topic?x=1",
                "file:",
                "https://one,two/hook",
                "no scheme"
            })
    void is_told_of_with_one_expectation(String uri) {
        assertThat(ChannelTypes.faults(uri)).singleElement().asString().containsOnlyOnce("expected:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file:events.jsonl                               | has a relative path",
                "file:                                           | has no path",
                "log:x                                           | has something behind its colon",
                "https://example.com/hook?secret=                | has an empty secret",
                "https://example.com/hook?secret=whsec_          | has an empty secret",
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
                "nsq://user:pass@host:4151/topic                 | has a user or a password",
                "https:///path                                   | has no host",
                "http://example.com/hook                         | has plain http to another machine",
                "slack+http://example.com/hook                   | has plain http to another machine",
                "https://host:99999/                             | has a host that is none",
                "https://my_hooks/x                              | has a host or a path that no URL can have",
                "https://höst/x                                  | has a host or a path that no URL can have",
                "https://host/a{b}                               | has a host or a path that no URL can have",
                "slack+https://my_hooks/x                        | has a host or a path that no URL can have",
                "nsq://my_nsq:4151/topic                         | has a host or a path that no URL can have",
                "nsq://one:4151,my_nsq:4151/topic                | has a host or a path that no URL can have",
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
        assertThat(Address.of("https://user:pass@host/services/T/B?secret=s")).hasToString("https://host/…?secret=…");
        assertThat(Address.of("amqp://user:pass@host/vhost?exchange=e")).hasToString("amqp://host/vhost?exchange=…");
        for (String faulty : new String[] {
            "https://u:hidden@/x?secret=hidden",
            "https://my_hooks/services/hidden?token=hidden",
            "https://host/hidden|hidden?token=hidden",
            "slack+https://host/hidden\"hidden",
            "redis://u:hidden@h:none/?stream=s",
            "smtp://u:hidden@h/",
            "hooks.example.com/hidden",
            "//u:hidden@h"
        }) {
            assertThat(ChannelTypes.faults(faulty)).isNotEmpty();
            assertThat(ChannelTypes.faults(faulty).toString()).doesNotContain("hidden");
        }
    }

    @Test
    void of_an_unknown_scheme_is_refused_before_anything_runs_and_says_what_to_do() {
        assertThat(ChannelTypes.faultsAtStart("teams://host/x?key=hidden", false))
                .containsExactly("has an unknown scheme, was \"teams://host/x?key=…\"; expected: one of "
                        + ChannelTypes.schemes()
                        + ", or one that a NotificationChannel of the application takes; correct it, or name the class in"
                        + " META-INF/services/dev.holdfast.NotificationChannel");
        assertThat(ChannelTypes.faultsAtStart("nsq://host:4151", false))
                .containsExactly("has no topic, was \"nsq://host:4151\"; expected: nsq://host:4151[,host:4151]/topic;"
                        + " correct it, or leave it out");
    }

    @Test
    void of_an_unknown_scheme_may_be_the_applications_where_its_loader_finds_a_service_or_not_even_the_interface()
            throws Exception {
        URL here = folder.toUri().toURL();
        try (URLClassLoader none = new URLClassLoader(new URL[0], null)) {
            assertThat(UserChannel.mayBeThere(none)).isTrue();
        }
        ClassLoader application = AddressTest.class.getClassLoader();
        assertThat(UserChannel.mayBeThere(application)).isFalse();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.holdfast.NotificationChannel"), "com.acme.Teams");
        try (URLClassLoader some = new URLClassLoader(new URL[] {here}, application)) {
            assertThat(UserChannel.mayBeThere(some)).isTrue();
        }
    }

    @Test
    void of_a_stream_needs_a_redis() {
        assertThat(ChannelTypes.faultsAtStart("redis:?stream=s", true)).isEmpty();
        assertThat(ChannelTypes.faultsAtStart("redis:?stream=s", false))
                .first()
                .asString()
                .contains("holdfast.redis, which is not set");
    }
}
