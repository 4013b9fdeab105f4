package dev.holdfast.samples.recover;

import dev.holdfast.Recover;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** What we do about everything that goes over the network. */
@Recover(on = IOException.class, attempts = 5, delay = "20ms", within = "10s")
@Retention(RetentionPolicy.RUNTIME)
public @interface Patient {}
