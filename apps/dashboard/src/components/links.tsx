import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink, Link } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type Native = Omit<ComponentPropsWithRef<'a'>, keyof AnchorProps | keyof ButtonProps>;

function AnchorLink(props: Omit<AnchorProps, 'href'> & Native) {
  return <Anchor {...props} />;
}

function AnchorButton(props: ButtonProps & Native) {
  return <Button component="a" {...props} />;
}

/** The router’s link in the kit’s clothes: typed `to`, `params` and `search`; loads the page’s code on hover. */
export const TextLink = createLink(AnchorLink);
export const ButtonLink = createLink(AnchorButton);
/** Without clothes. */
export const PlainLink = Link;
