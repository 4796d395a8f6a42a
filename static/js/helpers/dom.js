import { locale } from "../page.js";
import { RequestError } from "../room/request_error.js";

const plurals = new Intl.PluralRules(locale);

/** The one element that a fragment of the server holds. The only place where a string becomes HTML: never give it
 * anything but `html` from our own templates. */
export function elementFromServer(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

/** A page of the server's, to take parts from. Nothing in it runs or loads. */
export function pageFromServer(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/** A fresh copy of the `<template data-template=name>` within `root`. */
export function copyTemplate(root, name) {
  const template = root.querySelector(`template[data-template="${name}"]`);
  return document.importNode(template.content, true);
}

/** The element that a script fills or moves: `data-slot=name` within `root`. */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/** Put `text` there. What stands there already is left alone: anew, it would be laid out and spoken again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A sentence of the page with its `{placeholders}` filled in. */
export function fill(sentence, values) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The same, in the form that `count` takes in the page's language: `data-over-one`, else `data-over-other`. */
export function fillCount(words, name, count) {
  const form = plurals.select(count);
  const key = `${name}${form[0].toUpperCase()}${form.slice(1)}`;
  return fill(words[key] ?? words[`${name}Other`], { count });
}

/** Listen, and get back what ends it. */
export function listen(target, name, handler, options) {
  target.addEventListener(name, handler, options);
  return () => target.removeEventListener(name, handler, options);
}

/** Tell `target` and its parents. Returns false when a listener called preventDefault(). */
export function tell(target, name, detail) {
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, cancelable: true }));
}

/** Ask `target` and its parents: resolves to what the listener answers that hears of it. */
export function ask(target, name, detail) {
  const question = { ...detail };
  tell(target, name, question);
  return question.answer ?? Promise.reject(new RequestError("offline"));
}

/** Answer what is asked by this name. Returns what ends it. */
export function answer(target, name, handler) {
  return listen(target, name, (event) => { event.detail.answer = handler(event.detail); });
}
