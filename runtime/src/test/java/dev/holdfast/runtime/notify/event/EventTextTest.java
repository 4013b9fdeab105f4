package dev.holdfast.runtime.notify.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventTextTest {

    private static final Event EVENT = new Event(
            "a1-7",
            "/shop",
            "com.acme.Quotes#quote",
            1_700_000_000_123L,
            "java.io.IOException",
            "line 1\nline \"2\" \u2028 ü",
            "java.net.ConnectException: refused",
            List.of("com.acme.Quotes.quote(Quotes.java:12)", "com.acme.Main.main(Main.java:3)"),
            3,
            250L,
            "fallback",
            "main",
            "box",
            "v1:abc",
            1,
            "CRITICAL",
            List.of(new Event.Argument("id", "java.lang.String", "\"ACME\""), new Event.Argument("#1", "int", null)));

    @Test
    void is_a_cloud_event_on_one_line() {
        String text = EventText.of(EVENT);
        assertThat(text).doesNotContain("\n", "\r", "\u2028");
        JsonObject json = new Gson().fromJson(text, JsonObject.class);
        assertThat(json.keySet())
                .containsExactly("specversion", "id", "source", "type", "time", "datacontenttype", "subject", "data");
        assertThat(json.get("specversion").getAsString()).isEqualTo("1.0");
        assertThat(json.get("id").getAsString()).isEqualTo("a1-7");
        assertThat(json.get("source").getAsString()).isEqualTo("/shop");
        assertThat(json.get("type").getAsString()).isEqualTo("dev.holdfast.method.failed.v1");
        assertThat(json.get("time").getAsString()).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(json.get("subject").getAsString()).isEqualTo("com.acme.Quotes#quote");
    }

    @Test
    void has_the_fields_of_the_schema_and_no_others() {
        JsonObject data =
                new Gson().fromJson(EventText.of(EVENT), JsonObject.class).getAsJsonObject("data");
        assertThat(data.keySet())
                .containsExactly(
                        "failure",
                        "message",
                        "rootCause",
                        "stack",
                        "attempts",
                        "durationMillis",
                        "recoveredBy",
                        "thread",
                        "host",
                        "fingerprint",
                        "count",
                        "severity",
                        "arguments");
        assertThat(data.get("message").getAsString()).isEqualTo(EVENT.message());
        assertThat(data.get("attempts").getAsInt()).isEqualTo(3);
        assertThat(data.getAsJsonArray("stack")).hasSize(2);
        JsonArray arguments = data.getAsJsonArray("arguments");
        assertThat(arguments.get(0).toString())
                .isEqualTo("{\"name\":\"id\",\"type\":\"java.lang.String\",\"value\":\"\\\"ACME\\\"\"}");
        assertThat(arguments.get(1).toString()).isEqualTo("{\"name\":\"#1\",\"type\":\"int\"}");
    }

    @Test
    void says_null_where_there_is_nothing() {
        Event bare = new Event(
                "1", "/", "a#b", 0, "E", null, null, List.of(), 1, null, null, "t", "h", "v1:", 1, "INFO", List.of());
        JsonObject data =
                new Gson().fromJson(EventText.of(bare), JsonObject.class).getAsJsonObject("data");
        for (String name : List.of("message", "rootCause", "durationMillis", "recoveredBy")) {
            assertThat(data.get(name).isJsonNull()).as(name).isTrue();
        }
    }

    @Test
    void tells_how_many_were_dropped() {
        JsonObject json = new Gson().fromJson(EventText.dropped("a-1", "/shop", 0, 42), JsonObject.class);
        assertThat(json.get("type").getAsString()).isEqualTo("dev.holdfast.events.dropped.v1");
        assertThat(json.getAsJsonObject("data").toString()).isEqualTo("{\"dropped\":42}");
    }

    @Test
    void is_read_back_by_whoever_tells_people() {
        assertThat(EventText.read(EventText.of(EVENT)))
                .containsEntry("id", "a1-7")
                .containsEntry("subject", "com.acme.Quotes#quote")
                .containsEntry("failure", "java.io.IOException")
                .containsEntry("message", EVENT.message())
                .containsEntry("recoveredBy", "fallback")
                .containsEntry("attempts", "3")
                .containsEntry("severity", "CRITICAL");
        assertThat(EventText.read("no event")).isEmpty();
        assertThat(EventText.read("{\"id\":")).isEmpty();
        assertThat(EventText.read("[]")).isEmpty();
    }
}
