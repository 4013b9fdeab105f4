package com.acme;

/** Bears an annotation that has nothing to do with Holdfast, so it takes a look at that annotation to know. */
@Marker
public final class Marked {

    private Marked() {}
}
