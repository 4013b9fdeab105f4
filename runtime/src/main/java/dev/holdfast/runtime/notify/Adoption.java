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

/**
 * What one ended process has left, on its way into the journal of this one. Where there is no room for it, it can be gone on with later: what is
 * over already is not taken again. Not thread-safe.
 */
final class Adoption {

    private final ProcessFolder left;

    /** The numbers of the last event and of the last dead letter that are over. */
    private long lastEvent;

    private long lastDead;
    private boolean damageTold;

    /** Channels that have no address here. */
    private final Set<String> strange = new TreeSet<>();

    Adoption(ProcessFolder left) {
        this.left = left;
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
     * Carries over what is not over yet, and deletes the folder.
     *
     * @return the channels of what was put to the dead letters, as they have no address
     * @throws IOException if there is no room for it
     */
    Set<String> carryOver(Heir heir) throws IOException {
        LeftJournal events = new LeftJournal(left.path());
        events.read(entry -> {
            if (entry.number() > lastEvent) {
                heir.take(entry, strange);
                lastEvent = entry.number();
            }
        });
        LeftJournal buried = new LeftJournal(ProcessFolder.dead(left.path()));
        buried.read(entry -> {
            if (entry.number() > lastDead) {
                heir.takeDead(entry);
                lastDead = entry.number();
            }
        });
        long damaged = events.damaged() + buried.damaged();
        if (damaged > 0 && !damageTold) {
            heir.tellDamaged(damaged);
            damageTold = true;
            Log.warn(
                    Home.loader(),
                    "at least " + damaged + " events in " + left.path() + " were damaged and are lost",
                    null);
        }
        heir.force();
        for (Path file : events.damagedFiles()) {
            left.setAside(file);
        }
        left.delete();
        return strange;
    }

    @Override
    public String toString() {
        return left.path().toString();
    }
}
