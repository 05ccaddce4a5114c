<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Form;

use Symfony\Component\Form\AbstractTypeExtension;
use Symfony\Component\Form\Extension\Core\Type\TextType;
use Symfony\Component\OptionsResolver\Options;
use Symfony\Component\OptionsResolver\OptionsResolver;
use Understudy\SymfonyBundle\Validator\Moderated;

/**
 * Moderates a text field without touching the object behind the form:
 *
 *     $builder->add('body', TextareaType::class, ['understudy_task' => 'comment-moderation', 'understudy_allow' => ['ok']]);
 */
final class ModeratedTextExtension extends AbstractTypeExtension
{
    public static function getExtendedTypes(): iterable
    {
        return [TextType::class];
    }

    public function configureOptions(OptionsResolver $resolver): void
    {
        $resolver->setDefaults([
            'understudy_task' => null,
            'understudy_allow' => [],
            'understudy_refuse' => [],
            'understudy_on_review' => 'accept',
            'understudy_on_unavailable' => 'accept',
            'understudy_client' => null,
            'understudy_message' => null,
        ]);
        $resolver->setAllowedTypes('understudy_task', ['null', 'string']);
        $resolver->setAllowedTypes('understudy_allow', 'string[]');
        $resolver->setAllowedTypes('understudy_refuse', 'string[]');
        $resolver->setAllowedValues('understudy_on_review', ['accept', 'reject']);
        $resolver->setAllowedValues('understudy_on_unavailable', ['accept', 'reject']);
        $resolver->setAllowedTypes('understudy_client', ['null', 'string']);
        $resolver->setAllowedTypes('understudy_message', ['null', 'string']);
        if (!$resolver->isDefined('constraints')) {
            // Without the validator's form extension nothing would look at the constraint: say so where it is asked for.
            $resolver->setAllowedValues('understudy_task', [null]);

            return;
        }
        $resolver->addNormalizer('constraints', static function (Options $options, mixed $constraints): array {
            $constraints = \is_array($constraints) ? $constraints : [$constraints];
            if ($options['understudy_task'] !== null) {
                $message = $options['understudy_message'] === null ? [] : ['message' => $options['understudy_message']];
                $constraints[] = new Moderated(
                    ...$message,
                    task: $options['understudy_task'],
                    allow: $options['understudy_allow'],
                    refuse: $options['understudy_refuse'],
                    onReview: $options['understudy_on_review'],
                    onUnavailable: $options['understudy_on_unavailable'],
                    client: $options['understudy_client'],
                    groups: ['Default'],
                );
            }

            return $constraints;
        });
    }
}
