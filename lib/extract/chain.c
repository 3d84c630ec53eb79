#include "spamtide/extractor.h"

const tide_hop *tide_chain_hop(tide_chain *chain, uint32_t index, tide_arena *arena) {
  if (index >= chain->count) return NULL;
  if (!chain->hops) {
    chain->hops = tide_arena_take(arena, chain->count * sizeof *chain->hops);
    if (!chain->hops) return NULL;
  }
  while (chain->parsed <= index) {
    const tide_header *h = &chain->message->headers[chain->next];
    tide_received_parse(h->value, &chain->hops[chain->parsed++]);
    chain->next = h->next;
  }
  return &chain->hops[index];
}
