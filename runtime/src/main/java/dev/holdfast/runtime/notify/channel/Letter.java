package dev.holdfast.runtime.notify.channel;

/**
 * What is handed over.
 *
 * @param id the same however often it is sent
 * @param title one line for people; empty where the receiver is a machine
 * @param text the event as JSON on one line; for people some lines of text
 */
public record Letter(String id, String title, String text) {}
