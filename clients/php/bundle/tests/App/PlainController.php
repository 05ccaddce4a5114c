<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Symfony\Component\HttpFoundation\Response;

/** Uses nothing of the bundle. */
final class PlainController
{
    public function __invoke(): Response
    {
        return new Response('plain');
    }
}
