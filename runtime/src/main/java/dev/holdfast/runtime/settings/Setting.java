package dev.holdfast.runtime.settings;

/**
 * One value that somebody gave, and where: what a message needs to be of use.
 *
 * @param key the key as it was typed there; for an environment variable its name
 * @param value the value, without the spaces around it
 * @param source where it was found, as in "system property" or "file /etc/quotes.properties"
 */
public record Setting(String key, String value, String source) {

    /** As messages name it: {@code holdfast.log (system property)}. */
    public String place() {
        return key + " (" + source + ")";
    }
}
