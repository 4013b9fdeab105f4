package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.notify.channel.Home;
import dev.holdfast.runtime.notify.journal.Entry;
import dev.holdfast.runtime.notify.journal.LeftJournal;
import dev.holdfast.runtime.notify.journal.ProcessFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one ended process has left, on its way into the journal of this one, some of it at a time: what fails meanwhile must not wait for that. What
 * is over is noted in its folder, so neither this process nor the next takes it again, but for the last of it. Not thread-safe.
 */
final class Adoption {

    private final ProcessFolder left;
    private final Part events;
    private final Part buried;
    private boolean damageTold;

    /** Channels that have no address here. */
    private final Set<String> strange = new TreeSet<>();

    Adoption(ProcessFolder left) {
        this.left = left;
        this.events = new Part(left.path());
        this.buried = new Part(ProcessFolder.dead(left.path()));
    }

    /** Events, or dead letters. */
    private static final class Part {

        final LeftJournal journal;

        /** There was no room for it. */
        private @Nullable Entry inHand;

        private long last;

        Part(Path folder) {
            journal = new LeftJournal(folder);
        }

        /** @return whether all is over */
        boolean carryOver(LeftJournal.Sink sink, BooleanSupplier goesOn) throws IOException {
            for (Entry next = next(); next != null; next = next()) {
                inHand = next;
                sink.take(next);
                inHand = null;
                last = next.number();
                if (!goesOn.getAsBoolean()) {
                    return false;
                }
            }
            return true;
        }

        private @Nullable Entry next() throws IOException {
            Entry waiting = inHand;
            return waiting == null ? journal.next() : waiting;
        }
    }

    /** Where it goes. */
    interface Heir {

        /** Takes an event that waits; leaves what it is not for to the dead letters, and names these channels. */
        void take(Entry entry, Set<String> strange) throws IOException;

        /** Takes a dead letter. */
        void takeDead(Entry entry) throws IOException;

        /** Tells that so many events are lost. */
        void tellDamaged(long count) throws IOException;

        /** Makes what was taken outlive a loss of power. */
        void force() throws IOException;
    }

    /**
     * Goes on with carrying over, at least by one. When all is over, it deletes the folder.
     *
     * @param goesOn whether there is time for another one
     * @return whether all is over
     * @throws IOException if there is no room for it
     */
    boolean carryOver(Heir heir, BooleanSupplier goesOn) throws IOException {
        boolean isOver = events.carryOver(entry -> heir.take(entry, strange), goesOn)
                && buried.carryOver(heir::takeDead, goesOn);
        if (isOver) {
            tellDamage(heir);
        }
        heir.force();
        if (isOver) {
            for (Path file : events.journal.damagedFiles()) {
                left.setAside(file);
            }
            left.delete();
        } else {
            events.journal.handedOver(events.last);
            buried.journal.handedOver(buried.last);
        }
        return isOver;
    }

    private void tellDamage(Heir heir) throws IOException {
        long damaged = events.journal.damaged() + buried.journal.damaged();
        if (damaged > 0 && !damageTold) {
            heir.tellDamaged(damaged);
            damageTold = true;
            Log.warn(
                    Home.loader(),
                    "at least " + damaged + " events in " + left.path() + " were damaged and are lost",
                    null);
        }
    }

    /** The channels of what was put to the dead letters, as they have no address. */
    Set<String> strange() {
        return strange;
    }

    @Override
    public String toString() {
        return left.path().toString();
    }
}
