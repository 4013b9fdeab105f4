package dev.holdfast.it.programs.kinds;

import dev.holdfast.Recover;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The composed annotation of the matrix; an annotation composed of a composed one. */
@Stubborn.Base
@Retention(RetentionPolicy.RUNTIME)
public @interface Stubborn {

    /** What it is composed of. */
    @Recover(on = Throwable.class, attempts = 3, delay = "0s")
    @Retention(RetentionPolicy.RUNTIME)
    @interface Base {}
}
