package com.acme;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** An annotation of the application's own. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Marker {}
