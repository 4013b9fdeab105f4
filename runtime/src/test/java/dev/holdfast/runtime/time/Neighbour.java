package dev.holdfast.runtime.time;

/** A class of another package than that of the test which extends it. */
@SuppressWarnings("UnusedMethod") // found by reflection
public class Neighbour {

    Object near() {
        return "base";
    }

    protected Object guarded() {
        return "base";
    }

    public Object open() {
        return near();
    }
}
