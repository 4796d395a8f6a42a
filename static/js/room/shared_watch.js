/**
 * One watching for all who hear of it, begun with the first of them and kept: a room that comes and goes then leaves no
 * timer behind. `watch(tell)` begins it. Returns `hear(handler)`, which returns what ends the hearing.
 */
export function sharedWatch(watch) {
  const handlers = new Set();
  let isWatching = false;
  return (handler) => {
    const own = (fact) => handler(fact); // one handler may hear twice
    handlers.add(own);
    if (!isWatching) watch((fact) => { for (const each of [...handlers]) each(fact); });
    isWatching = true;
    return () => { handlers.delete(own); };
  };
}
