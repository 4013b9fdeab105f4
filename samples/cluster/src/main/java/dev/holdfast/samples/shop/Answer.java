package dev.holdfast.samples.shop;

/**
 * What a browser gets.
 *
 * @param status of HTTP
 * @param location where to go on; empty to stay
 * @param retryAfter seconds; 0 for none
 * @param html the page; empty where the browser goes on
 */
record Answer(int status, String location, long retryAfter, String html) {

    static Answer page(int status, String html) {
        return new Answer(status, "", 0, html);
    }

    static Answer later(int status, long seconds, String html) {
        return new Answer(status, "", seconds, html);
    }

    /** After a POST, so that loading the page again does not send the form again. */
    static Answer goTo(String location) {
        return new Answer(303, location, 0, "");
    }
}
