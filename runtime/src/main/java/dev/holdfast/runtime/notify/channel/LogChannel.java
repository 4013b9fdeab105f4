package dev.holdfast.runtime.notify.channel;

import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.notify.event.EventText;
import java.util.List;
import java.util.Set;

/** {@code log:} Into the application's own log, or onto stderr where it has none. */
final class LogChannel implements Channel {

    static final ChannelType TYPE = new ChannelType() {
        @Override
        public Set<String> schemes() {
            return Set.of("log");
        }

        @Override
        public String form() {
            return "log:";
        }

        @Override
        public List<String> faults(Address address) {
            Need need = new Need(address).onlyParameters();
            if (!address.path().isEmpty() || !address.hosts().isEmpty()) {
                need.fault("has something behind its colon");
            }
            return need.faults();
        }

        @Override
        public Channel open(Address address) {
            return new LogChannel();
        }
    };

    @Override
    public int most() {
        return 100;
    }

    @Override
    public void send(List<Letter> letters) {
        for (Letter letter : letters) {
            String severity = EventText.read(letter.text()).getOrDefault("severity", "WARNING");
            Level level = severity.equals("INFO") ? Level.INFO : severity.equals("WARNING") ? Level.WARN : Level.ERROR;
            Log.always(level, Home.loader(), letter.text());
        }
    }

    @Override
    public void close() {
        // It has nothing.
    }
}
