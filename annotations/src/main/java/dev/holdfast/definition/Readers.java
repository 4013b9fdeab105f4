package dev.holdfast.definition;

import dev.holdfast.definition.notify.NotifyReader;
import dev.holdfast.definition.ratelimit.RateLimitReader;
import dev.holdfast.definition.recover.RecoverReader;
import dev.holdfast.definition.session.SessionReader;
import java.util.List;

/** Who reads the annotations: the one list for those that know a program without running it. */
public final class Readers {

    private Readers() {}

    /** One for each annotation, in the order in which messages speak of them. */
    public static List<AnnotationReader<?>> all() {
        return List.of(new RecoverReader(), new RateLimitReader(), new SessionReader(), new NotifyReader());
    }
}
