package dev.holdfast.runtime.notify.event;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as text: CloudEvents 1.0, structured JSON, one line without a line break. Pure. */
public final class EventText {

    private EventText() {}

    /** A failure. */
    public static String of(Event event) {
        StringWriter text = new StringWriter(1_000);
        try {
            JsonWriter json = begin(text, Event.FAILED, event.id(), event.source(), event.millis());
            json.name("subject").value(event.subject());
            json.name("data").beginObject();
            json.name("failure").value(event.failure());
            json.name("message").value(event.message());
            json.name("rootCause").value(event.rootCause());
            json.name("stack").beginArray();
            for (String frame : event.stack()) {
                json.value(frame);
            }
            json.endArray();
            json.name("attempts").value(event.attempts());
            json.name("durationMillis").value(event.durationMillis());
            json.name("recoveredBy").value(event.recoveredBy());
            json.name("thread").value(event.thread());
            json.name("host").value(event.host());
            json.name("fingerprint").value(event.fingerprint());
            json.name("count").value(event.count());
            json.name("severity").value(event.severity());
            json.name("arguments").beginArray();
            for (Event.Argument argument : event.arguments()) {
                json.beginObject();
                json.name("name").value(argument.name());
                json.name("type").value(argument.type());
                if (argument.value() != null) {
                    json.name("value").value(argument.value());
                }
                json.endObject();
            }
            json.endArray().endObject().endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** That so many events were lost. */
    public static String dropped(String id, String source, long millis, long dropped) {
        StringWriter text = new StringWriter();
        try {
            JsonWriter json = begin(text, Event.DROPPED, id, source, millis);
            json.name("data").beginObject().name("dropped").value(dropped).endObject();
            json.endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static JsonWriter begin(StringWriter text, String type, String id, String source, long millis)
            throws IOException {
        JsonWriter json = new JsonWriter(text);
        json.setSerializeNulls(true);
        json.beginObject();
        json.name("specversion").value("1.0");
        json.name("id").value(id);
        json.name("source").value(source);
        json.name("type").value(type);
        json.name("time").value(Instant.ofEpochMilli(millis).toString());
        json.name("datacontenttype").value("application/json");
        return json;
    }

    /**
     * What people are told of an event: the values that are texts or numbers, those of {@code data} by their bare names, too.
     * Unknown ones are kept as well, for the text may come from a later version.
     *
     * @return empty if the text is no event
     */
    public static Map<String, String> read(String text) {
        Map<String, String> values = new HashMap<>();
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            readObject(json, values);
            return values;
        } catch (IOException | IllegalStateException | NumberFormatException noEvent) {
            return Map.of();
        }
    }

    private static void readObject(JsonReader json, Map<String, String> values) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            JsonToken next = json.peek();
            if (name.equals("data") && next == JsonToken.BEGIN_OBJECT) {
                readObject(json, values);
            } else if (next == JsonToken.STRING || next == JsonToken.NUMBER) {
                values.put(name, json.nextString());
            } else {
                json.skipValue();
            }
        }
        json.endObject();
    }

    /** A text as a JSON object with one member, as chat services take it. */
    public static String object(String name, @Nullable String value) {
        StringWriter text = new StringWriter();
        try {
            new JsonWriter(text).beginObject().name(name).value(value).endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
