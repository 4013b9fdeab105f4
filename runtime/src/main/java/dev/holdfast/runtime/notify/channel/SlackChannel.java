package dev.holdfast.runtime.notify.channel;

import dev.holdfast.runtime.notify.event.EventText;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code slack+https://…} An incoming webhook of Slack's, or of what takes the same form (Mattermost, Rocket.Chat). */
final class SlackChannel implements Channel {

    static final ChannelType TYPE = new ChannelType() {
        @Override
        public Set<String> schemes() {
            return Set.of("slack+https", "slack+http");
        }

        @Override
        public String form() {
            return "slack+https://hooks.slack.com/services/…";
        }

        @Override
        public boolean isForPeople() {
            return true;
        }

        @Override
        public List<String> faults(Address address) {
            return Http.need(address, address.scheme().endsWith("http")).faults();
        }

        @Override
        public Channel open(Address address) {
            return new SlackChannel(address);
        }
    };

    private final Http http;
    private final URI uri;

    private SlackChannel(Address address) {
        this.http = new Http(address);
        this.uri = WebhookChannel.uri(address, address.scheme().substring("slack+".length()));
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        for (int i = 0; i < letters.size(); i++) {
            Letter letter = letters.get(i);
            String text = "*" + escape(letter.title()) + "*\n" + escape(letter.text());
            http.post(
                    uri, Map.of("Content-Type", "application/json; charset=UTF-8"), EventText.object("text", text), i);
        }
    }

    /** Else an exception's message could mention everybody, or link somewhere. */
    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public void close() {
        // As with other webhooks.
    }
}
