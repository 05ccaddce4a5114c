<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Twig;

use Twig\Extension\AbstractExtension;
use Twig\TwigFilter;
use Twig\TwigFunction;

/** `{{ (comment.body|understudy('sentiment')).label }}`, `{{ comment.body|understudy_label('sentiment', 'unknown') }}` */
final class UnderstudyExtension extends AbstractExtension
{
    /** @return list<TwigFilter> */
    public function getFilters(): array
    {
        return [
            new TwigFilter('understudy', [UnderstudyRuntime::class, 'decide']),
            new TwigFilter('understudy_label', [UnderstudyRuntime::class, 'label']),
        ];
    }

    /** @return list<TwigFunction> */
    public function getFunctions(): array
    {
        return [new TwigFunction('understudy_url', [UnderstudyRuntime::class, 'url'])];
    }
}
